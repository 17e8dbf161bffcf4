import { findNodeAtLocation, type JSONPath, parseTree } from "jsonc-parser";

/** A payload of an answer as it was written: read as numbers of JavaScript, long ones would lose digits. */
export function payloadsOf(text: string): (path: JSONPath) => string {
  const tree = parseTree(text);
  return (path) => {
    const node = tree && findNodeAtLocation(tree, path);
    return node === undefined ? "" : text.slice(node.offset, node.offset + node.length);
  };
}
