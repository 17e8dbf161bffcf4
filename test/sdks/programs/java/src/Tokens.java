import com.google.gson.JsonArray;
import io.github.centrifugal.centrifuge.ConnectionTokenEvent;
import io.github.centrifugal.centrifuge.ConnectionTokenGetter;
import io.github.centrifugal.centrifuge.SubscriptionTokenEvent;
import io.github.centrifugal.centrifuge.SubscriptionTokenGetter;
import io.github.centrifugal.centrifuge.TokenCallback;

/** Gives tokens one after the other, the last again and again, and tells that it was asked. */
final class Tokens {
    private final JsonArray tokens;
    private final Runnable tell;
    private int asked = 0;

    Tokens(JsonArray tokens, Runnable tell) {
        this.tokens = tokens;
        this.tell = tell;
    }

    ConnectionTokenGetter forConnection() {
        return new ConnectionTokenGetter() {
            @Override
            public void getConnectionToken(ConnectionTokenEvent event, TokenCallback callback) {
                callback.Done(null, next());
            }
        };
    }

    SubscriptionTokenGetter forSubscription() {
        return new SubscriptionTokenGetter() {
            @Override
            public void getSubscriptionToken(SubscriptionTokenEvent event, TokenCallback callback) {
                callback.Done(null, next());
            }
        };
    }

    private synchronized String next() {
        tell.run();
        String token = tokens.get(Math.min(asked, tokens.size() - 1)).getAsString();
        asked += 1;
        return token;
    }
}
