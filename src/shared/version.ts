/** The server's version, as told to clients in the connect reply. */
export const VERSION = "0.2.0 Poorwill";
