import type { RoomContext } from "./context.ts";
import type { RoomHandler } from "./handler.ts";

/**
 * A function of a kind that the rest of the application can call. Its arguments and its result travel as JSON. Declared as
 * a method, so that a kind with data of its own is still a kind.
 */
export type RoomCall<Data = unknown> = {
  call(room: RoomContext<Data>, ...parameters: never[]): unknown;
}["call"];

/** The calls of a kind. Those of one that is only known as a `RoomHandler` take and return anything. */
export type CallsOf<Handler extends RoomHandler> = Handler extends { readonly calls: infer Calls }
  ? Calls
  : Readonly<Record<string, (room: never, ...parameters: unknown[]) => unknown>>;

/** What a call takes behind the room. */
export type ParametersOf<Call> = Call extends (room: never, ...parameters: infer Parameters) => unknown
  ? Parameters
  : never;

/** What a call returns, as it is after its way as JSON: a Date has become a text. */
export type ResultOf<Call> = Call extends (...parameters: never[]) => infer Result
  ? AsJson<Awaited<Result>>
  : never;

type AsJson<Value> = unknown extends Value
  ? unknown
  : Value extends string | number | boolean | null | undefined
    ? Value
    : Value extends { toJSON(): infer Written }
      ? AsJson<Written>
      : Value extends object
        ? { [Key in keyof Value]: AsJson<Value[Key]> }
        : undefined;
