/** The channel of open overviews. No client can subscribe to it by its name. */
export const OVERVIEW_CHANNEL = "\0overview";

/** The hub that holds open overviews. It never has the name of a channel's home, an edge hub or a control home. */
export const OVERVIEW_HOME = "overview";
