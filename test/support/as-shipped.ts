/** The gateway as it ships, from the root of the repository, where tests run. */
export const AS_SHIPPED = "test/gateway/wrangler.toml";
