import io.github.centrifugal.centrifuge.ClientInfo;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** What is told, as fields of a line. */
final class Facts {
    private Facts() {}

    /** Names and values in turn. */
    static Map<String, Object> of(Object... pairs) {
        Map<String, Object> facts = new HashMap<>();
        for (int index = 0; index < pairs.length; index += 2) facts.put((String) pairs[index], pairs[index + 1]);
        return facts;
    }

    static String text(byte[] data) {
        return data == null || data.length == 0 ? null : new String(data, StandardCharsets.UTF_8);
    }

    static Map<String, Object> member(ClientInfo info) {
        return of("id", info.getClient(), "user", info.getUser());
    }

    static Map<String, Object> publication(long offset, byte[] data, ClientInfo info, Map<String, String> tags) {
        return of("offset", offset, "data", text(data), "user", info == null ? "" : info.getUser(), "tags", tags);
    }
}
