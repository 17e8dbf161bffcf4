/** The files of the page. The build of the package makes this module: scripts/package/page-files.ts. */
declare module "poorwill:page-files" {
  export const pageFiles: import("./serve-files.ts").PageFiles;
}
