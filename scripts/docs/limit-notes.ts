import {
  type CloseDefinition,
  DISCONNECTS,
  ERRORS,
  type HttpErrorCode,
  type ProtocolError,
  ROOM_CLOSES,
} from "../../src/shared/codes.ts";
import type * as limits from "../../src/shared/limits.ts";

export type Unit = "bytes" | "characters" | "ms" | "s" | "bits" | "";

/** How the one who hits a limit is answered: with a code, or a sentence. Undefined: with nothing, the gateway keeps to it by itself. */
export type LimitAnswer =
  | CloseDefinition
  | ProtocolError
  | HttpErrorCode
  | { readonly text: string }
  | undefined;

/** The unit of a limit, and the answer to the one who hits it. */
export type LimitNote = readonly [unit: Unit, answer?: LimitAnswer];

type Registries = typeof limits;

const says = (text: string) => ({ text });
const DROPPED = says("the message is dropped, `send` returns 0");
const THROWS = says("`subscribe` throws");
const ACCEPT_THROWS = says("`accept` throws");
const NOT_RECOVERED = says("`recovered: false`");
const CUT = says("the reply is cut");
const OLDEST_GO = says("the oldest events go");
const NEXT_HUB = says("the next hub takes the connection");

/** A note for each limit of each registry: one that is missing does not compile. */
export const LIMIT_NOTES: {
  readonly [Group in keyof Registries]: Readonly<Record<keyof Registries[Group], LimitNote>>;
} = {
  HTTP_STREAM_LIMITS: {
    slowTime: ["ms", DISCONNECTS.slow],
    backpressure: ["bytes", DISCONNECTS.slow],
    frames: ["", DISCONNECTS.shutdown],
    silence: ["ms"],
    eventId: ["characters", NOT_RECOVERED],
    retry: ["ms"],
  },
  OBJECT_LIMITS: {
    sockets: ["", "room_full"],
    sleepAfter: ["ms"],
  },
  ROOM_LIMITS: {
    nameLength: ["characters", "bad_room_name"],
    sockets: ["", "room_full"],
    maxPayloadLength: ["bytes", ROOM_CLOSES.tooLarge],
    runtimePayloadLength: ["bytes", ROOM_CLOSES.tooLarge],
    backpressureLimit: ["bytes", DROPPED],
    totalBackpressure: ["bytes", DROPPED],
    messagesPerSecond: ["", ROOM_CLOSES.rate],
    messageBurst: ["", ROOM_CLOSES.rate],
    bytesPerSecond: ["bytes", ROOM_CLOSES.byteRate],
    byteBurst: ["bytes", ROOM_CLOSES.byteRate],
    pendingMessages: ["", ROOM_CLOSES.overloaded],
    pendingBytes: ["bytes", ROOM_CLOSES.overloaded],
    topics: ["", THROWS],
    topicLength: ["characters", THROWS],
    tags: ["", ACCEPT_THROWS],
    tagLength: ["characters", ACCEPT_THROWS],
    attachment: ["bytes", ROOM_CLOSES.handlerFailed],
    retryAfter: ["s"],
    silence: ["ms", ROOM_CLOSES.idle],
    minTickInterval: ["ms", says("the gateway does not start")],
    heartbeatSize: ["bytes", says("the gateway does not start")],
    startTime: ["ms", ROOM_CLOSES.handlerFailed],
    alarmRetries: ["", says("a log line, and the alarm is given up")],
    alarmRetryDelay: ["ms"],
    latestAlarm: ["", says("`setAlarm` throws a `RangeError`")],
    callTime: ["ms", ERRORS.internal],
    callSize: ["bytes", ERRORS.badRequest],
    socketPage: [""],
    largestSocketPage: ["", ERRORS.badRequest],
    requestBody: ["bytes", "body_too_large"],
  },
  JSON_LIMITS: {
    depth: ["", ERRORS.badRequest],
  },
  CHANNEL_LIMITS: {
    nameLength: ["bytes", ERRORS.badRequest],
    historyPublications: ["", CUT],
    recoveryPublications: ["", NOT_RECOVERED],
    mostPublications: ["", says("the gateway does not start")],
    replyLength: ["characters", says("the history ends early, or `recovered: false`")],
    longestReply: ["characters", says("the gateway does not start")],
    historySize: ["", says("the gateway does not start")],
    presenceAge: ["ms"],
    presenceLength: ["characters", ERRORS.tooManyRequests],
    presenceMembers: ["", ERRORS.tooManyRequests],
    idempotencyAge: ["ms"],
    streamUseTolerance: ["ms"],
  },
  SESSION_LIMITS: {
    messageSize: ["bytes", DISCONNECTS.messageTooLarge],
    commandSize: ["bytes", ERRORS.badRequest],
    channels: ["", ERRORS.limitExceeded],
    staleCloseDelay: ["ms", DISCONNECTS.stale],
    expiredCloseDelay: ["ms", DISCONNECTS.expired],
    pingInterval: ["ms", DISCONNECTS.noPong],
    pongDelay: ["ms", DISCONNECTS.noPong],
    queueSize: ["bytes", DISCONNECTS.slow],
    silentOutputBacklog: ["bytes", DISCONNECTS.slow],
    pendingCommands: ["", ERRORS.tooManyRequests],
    pendingLength: ["characters", ERRORS.tooManyRequests],
    reads: [""],
    shortRead: ["characters"],
    longReads: [""],
    newHomes: ["", ERRORS.tooManyRequests],
    newHomesPerSecond: ["", ERRORS.tooManyRequests],
    outputLength: ["characters", ERRORS.tooManyRequests],
    earlyLength: ["characters", DISCONNECTS.tooManyRequests],
    commandsPerSecond: ["", ERRORS.tooManyRequests],
    commandBurst: ["", ERRORS.tooManyRequests],
    lengthPerCommand: ["characters", ERRORS.tooManyRequests],
    fanOutPerCommand: ["characters", ERRORS.tooManyRequests],
    membersPerCommand: ["", ERRORS.tooManyRequests],
    bytesPerSecond: ["bytes", DISCONNECTS.tooManyRequests],
    byteBurst: ["bytes", DISCONNECTS.tooManyRequests],
    userConnections: ["", DISCONNECTS.connectionLimit],
    attachedState: ["bytes"],
  },
  HUB_LIMITS: {
    sockets: ["", NEXT_HUB],
    unconnectedSockets: ["", NEXT_HUB],
    staleSpacing: ["ms"],
    newcomerMemory: ["bytes", NEXT_HUB],
    subscriptionMemory: ["bytes", ERRORS.tooManyRequests],
    flushLag: ["ms", NEXT_HUB],
    rowLength: ["characters"],
    turnLength: ["characters"],
    shortOutput: ["characters"],
    repliesLength: ["characters"],
    waitingLength: ["characters", ERRORS.tooManyRequests],
    backpressure: ["bytes", DISCONNECTS.slow],
    frameLength: ["characters"],
    callLength: ["characters"],
    backlogLength: ["characters"],
    allBacklogsLength: ["characters", says("publications without history are not delivered to that hub")],
    submissionsLength: ["characters", ERRORS.tooManyRequests],
    allSubmissionsLength: ["characters", ERRORS.tooManyRequests],
    admissionTimeout: ["ms"],
    countedUsers: [""],
    callTimeout: ["ms", ERRORS.internal],
    unfollows: [""],
    settleDelay: ["ms"],
    retryDelay: ["ms"],
    maxRetryDelay: ["ms"],
    jobWakes: [""],
    jobWait: ["ms"],
    jobCalm: ["ms"],
    edgeHubs: ["", "overloaded"],
  },
  PROXY_LIMITS: {
    timeout: ["ms", ERRORS.internal],
    longestTimeout: ["ms", says("the gateway does not start")],
    answerSize: ["bytes", ERRORS.internal],
    headersLength: ["bytes", "headers_too_large"],
    refreshRetry: ["ms"],
    refreshes: [""],
  },
  EVENT_LIMITS: {
    batch: [""],
    batchLength: ["characters"],
    reports: [""],
    unsent: ["ms"],
    timeout: ["ms"],
    firstRetry: ["ms"],
    longestRetry: ["ms"],
    age: ["ms"],
    waiting: [""],
    sweepInterval: ["ms"],
  },
  WORKER_LIMITS: {
    connectionsPerMinute: ["", "too_many_connections"],
    retryAfter: ["s"],
  },
  REPORT_LIMITS: {
    delay: ["ms"],
    roomInterval: ["ms"],
    missedPings: [""],
    refusalInterval: ["ms"],
    channels: ["", says("the directory lists no more of them")],
    rowLength: ["characters"],
    channelPage: [""],
    hubPage: [""],
    pages: ["", says("the answer is cut")],
    sweepInterval: ["ms"],
    pointInterval: ["ms"],
    pointsPerInvocation: [""],
    pointIndex: ["bytes"],
  },
  RECORDER_LIMITS: {
    events: ["", OLDEST_GO],
    names: ["bytes", OLDEST_GO],
    eventsPerClient: ["", OLDEST_GO],
    nameLength: ["characters", says("the name is cut")],
    storySize: ["bytes", says("`cut` in the line counts the events that are left out")],
    stories: ["", says("`untold` in the next line counts the stories that are left out")],
    storyCodes: ["", says("the gateway does not start")],
  },
  API_LIMITS: {
    requestsPerMinute: ["", says("HTTP 429 in plain text")],
    retryAfter: ["s"],
    bodySize: ["bytes", says("HTTP 413")],
    dataSize: ["bytes", ERRORS.badRequest],
    tagsSize: ["bytes", ERRORS.badRequest],
    infoSize: ["bytes", ERRORS.badRequest],
    broadcastChannels: ["", ERRORS.badRequest],
    batchCommands: ["", ERRORS.badRequest],
    publications: ["", ERRORS.badRequest],
    requestTime: ["ms", ERRORS.tooManyRequests],
    homeTimeout: ["ms", ERRORS.internal],
    publishedLength: ["characters", ERRORS.tooManyRequests],
    answersLength: ["characters", ERRORS.tooManyRequests],
    whitelist: ["", ERRORS.badRequest],
    textLength: ["characters", ERRORS.badRequest],
    sweepInterval: ["ms"],
    roomAnswers: ["", ERRORS.badRequest],
    userShards: [""],
  },
  OPERATOR_TOKEN_LIMITS: {
    lifetime: ["ms", says("HTTP 401")],
  },
  REGEX_LIMITS: {
    steps: ["", says("the gateway does not start")],
    textLength: ["characters"],
  },
  TOKEN_LIMITS: {
    length: ["characters", DISCONNECTS.invalidToken],
    keySetSize: ["bytes", ERRORS.internal],
    keySetTimeout: ["ms", ERRORS.internal],
    keySetWait: ["ms", ERRORS.internal],
    keySetFresh: ["ms"],
    keySetStale: ["ms", ERRORS.internal],
    keySetCooldown: ["ms"],
    secretBytes: ["bytes", says("the gateway does not start")],
    rsaBits: ["bits", DISCONNECTS.serverError],
  },
};
