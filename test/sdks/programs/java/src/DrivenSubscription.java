import io.github.centrifugal.centrifuge.JoinEvent;
import io.github.centrifugal.centrifuge.LeaveEvent;
import io.github.centrifugal.centrifuge.PublicationEvent;
import io.github.centrifugal.centrifuge.SubscribedEvent;
import io.github.centrifugal.centrifuge.SubscribingEvent;
import io.github.centrifugal.centrifuge.Subscription;
import io.github.centrifugal.centrifuge.SubscriptionErrorEvent;
import io.github.centrifugal.centrifuge.SubscriptionEventListener;
import io.github.centrifugal.centrifuge.UnsubscribedEvent;
import java.util.Map;

/** What is told of a subscription. */
final class DrivenSubscription extends SubscriptionEventListener {
    private final DrivenClient client;
    private final String channel;

    DrivenSubscription(DrivenClient client, String channel) {
        this.client = client;
        this.channel = channel;
    }

    @Override
    public void onSubscribing(Subscription subscription, SubscribingEvent event) {
        tell("subscribing", Facts.of("code", event.getCode(), "reason", event.getReason()));
    }

    @Override
    public void onSubscribed(Subscription subscription, SubscribedEvent event) {
        tell("subscribed", Facts.of(
                "wasRecovering", event.wasRecovering(),
                "recovered", event.getRecovered(),
                "data", Facts.text(event.getData())));
    }

    @Override
    public void onUnsubscribed(Subscription subscription, UnsubscribedEvent event) {
        tell("unsubscribed", Facts.of("code", event.getCode(), "reason", event.getReason()));
    }

    @Override
    public void onError(Subscription subscription, SubscriptionErrorEvent event) {
        tell("error", Facts.of("message", String.valueOf(event.getError())));
    }

    @Override
    public void onPublication(Subscription subscription, PublicationEvent event) {
        tell("publication", Facts.publication(event.getOffset(), event.getData(), event.getInfo(), event.getTags()));
    }

    @Override
    public void onJoin(Subscription subscription, JoinEvent event) {
        tell("join", Facts.member(event.getInfo()));
    }

    @Override
    public void onLeave(Subscription subscription, LeaveEvent event) {
        tell("leave", Facts.member(event.getInfo()));
    }

    private void tell(String event, Map<String, Object> facts) {
        facts.put("channel", channel);
        client.tell(event, facts);
    }
}
