import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.centrifugal.centrifuge.Client;
import io.github.centrifugal.centrifuge.ConnectedEvent;
import io.github.centrifugal.centrifuge.ConnectingEvent;
import io.github.centrifugal.centrifuge.DisconnectedEvent;
import io.github.centrifugal.centrifuge.DuplicateSubscriptionException;
import io.github.centrifugal.centrifuge.ErrorEvent;
import io.github.centrifugal.centrifuge.EventListener;
import io.github.centrifugal.centrifuge.HistoryOptions;
import io.github.centrifugal.centrifuge.Options;
import io.github.centrifugal.centrifuge.ServerPublicationEvent;
import io.github.centrifugal.centrifuge.ServerSubscribedEvent;
import io.github.centrifugal.centrifuge.ServerUnsubscribedEvent;
import io.github.centrifugal.centrifuge.StreamPosition;
import io.github.centrifugal.centrifuge.SubscriptionOptions;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** A client, with what is said and told of it. */
final class DrivenClient extends EventListener {
    private final String name;
    private final Client client;

    DrivenClient(String name, JsonObject command) {
        this.name = name;
        Options options = new Options();
        options.setData(dataOf(command));
        options.setTimeout(command.get("timeout").getAsInt());
        options.setMaxServerPingDelay(command.get("maxPingDelay").getAsInt());
        options.setMinReconnectDelay(50);
        options.setMaxReconnectDelay(500);
        if (command.has("tokens")) options.setTokenGetter(tokensOf(command, null).forConnection());
        String host = command.get("host").getAsString();
        client = new Client("ws://" + host + "/connection/websocket", options, this);
        client.connect();
    }

    void carryOut(JsonObject command, Answer answer) throws DuplicateSubscriptionException {
        String channel = command.has("channel") ? command.get("channel").getAsString() : "";
        switch (command.get("do").getAsString()) {
            case "disconnect" -> {
                client.disconnect();
                answer.succeed(null);
            }
            case "subscribe" -> {
                subscribe(channel, command);
                answer.succeed(null);
            }
            case "unsubscribe" -> {
                client.getSubscription(channel).unsubscribe();
                answer.succeed(null);
            }
            case "publish" -> client.publish(channel, dataOf(command), (error, result) -> {
                if (!answer.hasFailed(error)) answer.succeed(null);
            });
            case "presence" -> client.presence(channel, (error, result) -> {
                if (answer.hasFailed(error)) return;
                answer.succeed(result.getClients().values().stream().map(Facts::member).toList());
            });
            case "presenceStats" -> client.presenceStats(channel, (error, result) -> {
                if (answer.hasFailed(error)) return;
                answer.succeed(Map.of("clients", result.getNumClients(), "users", result.getNumUsers()));
            });
            case "history" -> client.history(channel, historyOptions(command), (error, result) -> {
                if (answer.hasFailed(error)) return;
                var publications = result.getPublications().stream()
                        .map(each -> Facts.publication(each.getOffset(), each.getData(), each.getInfo(), Map.of()))
                        .toList();
                answer.succeed(Facts.of(
                        "publications", publications, "offset", result.getOffset(), "epoch", result.getEpoch()));
            });
            case "rpc" -> client.rpc(command.get("method").getAsString(), dataOf(command), (error, result) -> {
                if (!answer.hasFailed(error)) answer.succeed(Facts.of("data", Facts.text(result.getData())));
            });
            default -> throw new IllegalArgumentException("no such command");
        }
    }

    void tell(String event, Map<String, Object> facts) {
        facts.put("client", name);
        facts.put("event", event);
        Lines.write(facts);
    }

    @Override
    public void onConnecting(Client client, ConnectingEvent event) {
        tell("connecting", Facts.of("code", event.getCode(), "reason", event.getReason()));
    }

    @Override
    public void onConnected(Client client, ConnectedEvent event) {
        tell("connected", Facts.of("id", event.getClient(), "data", Facts.text(event.getData())));
    }

    @Override
    public void onDisconnected(Client client, DisconnectedEvent event) {
        tell("disconnected", Facts.of("code", event.getCode(), "reason", event.getReason()));
    }

    @Override
    public void onError(Client client, ErrorEvent event) {
        tell("error", Facts.of("message", String.valueOf(event.getError())));
    }

    @Override
    public void onSubscribed(Client client, ServerSubscribedEvent event) {
        tell("subscribed", Facts.of(
                "channel", event.getChannel(),
                "wasRecovering", event.wasRecovering(),
                "recovered", event.getRecovered()));
    }

    @Override
    public void onUnsubscribed(Client client, ServerUnsubscribedEvent event) {
        tell("unsubscribed", Facts.of("channel", event.getChannel()));
    }

    @Override
    public void onPublication(Client client, ServerPublicationEvent event) {
        var facts = Facts.publication(event.getOffset(), event.getData(), event.getInfo(), event.getTags());
        facts.put("channel", event.getChannel());
        tell("publication", facts);
    }

    private void subscribe(String channel, JsonObject command) throws DuplicateSubscriptionException {
        SubscriptionOptions options = new SubscriptionOptions();
        options.setData(dataOf(command));
        options.setJoinLeave(command.has("joinLeave") && command.get("joinLeave").getAsBoolean());
        if (command.has("tokens")) options.setTokenGetter(tokensOf(command, channel).forSubscription());
        client.newSubscription(channel, options, new DrivenSubscription(this, channel)).subscribe();
    }

    private Tokens tokensOf(JsonObject command, String channel) {
        return new Tokens(command.getAsJsonArray("tokens"), () -> tell("token", Facts.of("channel", channel)));
    }

    private static HistoryOptions historyOptions(JsonObject command) {
        HistoryOptions.Builder options = new HistoryOptions.Builder().withLimit(command.get("limit").getAsInt());
        if (command.has("reverse")) options.withReverse(command.get("reverse").getAsBoolean());
        JsonElement since = command.get("since");
        if (since instanceof JsonObject position) {
            options.withSince(new StreamPosition(
                    position.get("offset").getAsLong(), position.get("epoch").getAsString()));
        }
        return options.build();
    }

    private static byte[] dataOf(JsonObject command) {
        return command.has("data") ? command.get("data").getAsString().getBytes(StandardCharsets.UTF_8) : null;
    }
}
