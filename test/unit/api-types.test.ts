import type * as v from "valibot";
import { expectTypeOf, test } from "vitest";
import type { ApiMethod, ApiRequest, ApiResult } from "../../src/api/method-types.ts";
import type { RESULTS } from "../../src/api/results.ts";
import type { REQUESTS } from "../../src/api/schemas.ts";

/** What stands behind the check that a request is an object, which takes any. */
type Accepted = { [Method in ApiMethod]: v.InferInput<(typeof REQUESTS)[Method]["pipe"][1]> };
type Answered = { [Method in ApiMethod]: v.InferOutput<(typeof RESULTS)[Method]> };

test("PKG-16: what the types of the API let callers write is what the schemas accept", () => {
  expectTypeOf<{ [Method in ApiMethod]: ApiRequest<Method> }>().toExtend<Accepted>();
  expectTypeOf<{ [Method in ApiMethod]: keyof ApiRequest<Method> }>().toEqualTypeOf<{
    [Method in ApiMethod]: keyof Accepted[Method];
  }>();
});

test("PKG-16: what the types of the API say of answers is what the schemas describe", () => {
  expectTypeOf<{ [Method in ApiMethod]: ApiResult<Method> }>().toExtend<Answered>();
  expectTypeOf<Answered>().toExtend<{ [Method in ApiMethod]: ApiResult<Method> }>();
});
