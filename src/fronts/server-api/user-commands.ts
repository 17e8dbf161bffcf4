import { controlChannel } from "../../channels/control.ts";
import type { UserCommand } from "../../hub-rpc/management.ts";
import type { Followed } from "../../operations/connect.ts";
import { logFieldsOf } from "../../sessions/log-fields.ts";
import type { Session } from "../../sessions/session.ts";
import { logFailure } from "../../shared/log.ts";
import type { Follower } from "../../streams/follower.ts";
import type { Listener, LocalChannels } from "../../streams/local-channels.ts";
import { applyUserCommand, type HubOfUserCommand } from "./apply-user-command.ts";

/** What listening for commands on users needs of the hub. */
export type HubOfUserCommands = HubOfUserCommand & {
  readonly follower: Pick<Follower, "open" | "isFollowing">;
  readonly locals: Pick<LocalChannels, "listen" | "forgetListener">;
  readonly sessions: { ofUser(user: string): Iterable<Session> };
  /** Nobody here follows a channel any more. */
  vacated(channel: string): void;
};

/** Listens for commands on users that have connections here, and carries them out. */
export class UserCommands implements Listener {
  readonly #hub: HubOfUserCommands;
  /** The connections here that each control channel is followed for. */
  readonly #followed = new Map<string, Set<Session>>();
  /** Commands for connections that are being set up: they are carried out after the connect reply. */
  readonly #held = new Map<Session, UserCommand[]>();

  constructor(hub: HubOfUserCommands) {
    this.#hub = hub;
  }

  /** Takes a session whose user is known. */
  add(session: Session): void {
    if (!this.#isOn(session)) return;
    const channel = controlChannel(session.state.user);
    const sessions = this.#followed.get(channel) ?? new Set();
    this.#followed.set(channel, sessions.add(session));
    this.#hub.locals.listen(channel, this);
  }

  /** The same, and makes sure that commands reach this hub. They do not when the control home does not answer. */
  async follow(session: Session): Promise<Followed> {
    if (!this.#isOn(session)) return "before";
    this.add(session);
    this.#held.set(session, []);
    const channel = controlChannel(session.state.user);
    const isFollowed = this.#hub.follower.isFollowing(channel);
    try {
      const opening = await this.#hub.follower.open(channel, undefined);
      opening.abandon();
      return isFollowed ? "before" : "now";
    } catch (failure) {
      logFailure("hub.user_commands_unfollowed", failure, logFieldsOf(session));
      return "not";
    }
  }

  /** A session has been told that it is connected: what was held for it is carried out. */
  connected(session: Session): void {
    const held = this.#held.get(session) ?? [];
    this.#held.delete(session);
    for (const command of held) this.#apply(session, command);
  }

  remove(session: Session): void {
    this.#held.delete(session);
    const channel = controlChannel(session.state.user);
    const sessions = this.#followed.get(channel);
    if (!sessions?.delete(session) || sessions.size > 0) return;
    this.#followed.delete(channel);
    this.#hub.locals.forgetListener(channel);
    this.#hub.vacated(channel);
  }

  take(command: UserCommand): void {
    const followers = this.#followed.get(controlChannel(command.user));
    for (const session of [...this.#hub.sessions.ofUser(command.user)]) {
      // A session whose connect was refused is not among them.
      if (!followers?.has(session)) continue;
      const held = command.action === "disconnect" ? undefined : this.#held.get(session);
      if (!targets(session, command)) continue;
      if (held) held.push(command);
      else this.#apply(session, command);
    }
  }

  #apply(session: Session, command: UserCommand): void {
    try {
      applyUserCommand(this.#hub, session, command);
    } catch (failure) {
      logFailure("hub.user_command_failed", failure, { ...logFieldsOf(session), action: command.action });
    }
  }

  #isOn({ state }: Session): boolean {
    return this.#hub.config.connection.userCommands && state.user !== "";
  }
}

/** Only connections over HTTP have a session. */
function targets({ state }: Session, command: UserCommand): boolean {
  if (command.session !== "" && command.session !== state.stream?.session) return false;
  if (command.client !== "" && command.client !== state.client) return false;
  return command.action !== "disconnect" || !command.whitelist.includes(state.client);
}
