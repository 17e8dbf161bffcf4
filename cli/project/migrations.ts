import type { Migration } from "./wrangler-config.ts";

/** What the objects of a class store in. The gateway needs `sqlite`. */
export type ObjectStorage = "sqlite" | "key-value";

/** The classes that migrations have made, one after the other, and what their objects store in. */
export function classesAfter(migrations: readonly Migration[]): ReadonlyMap<string, ObjectStorage> {
  const classes = new Map<string, ObjectStorage>();
  for (const migration of migrations) {
    for (const { from, to } of migration.renamed_classes ?? []) {
      const storage = classes.get(from);
      classes.delete(from);
      if (storage !== undefined) classes.set(to, storage);
    }
    for (const deleted of migration.deleted_classes ?? []) classes.delete(deleted);
    for (const made of migration.new_classes ?? []) classes.set(made, "key-value");
    for (const made of migration.new_sqlite_classes ?? []) classes.set(made, "sqlite");
    // The storage comes along from the other Worker, where it cannot be seen.
    for (const { to } of migration.transferred_classes ?? []) classes.set(to, "sqlite");
  }
  return classes;
}
