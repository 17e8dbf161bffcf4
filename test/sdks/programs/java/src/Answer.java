import io.github.centrifugal.centrifuge.ReplyError;
import java.util.HashMap;
import java.util.Map;

/** The answer to one command. */
final class Answer {
    private final int id;

    Answer(int id) {
        this.id = id;
    }

    void succeed(Object result) {
        Map<String, Object> line = new HashMap<>();
        line.put("id", id);
        line.put("result", result == null ? Map.of() : result);
        Lines.write(line);
    }

    void fail(Throwable error) {
        int code = error instanceof ReplyError refusal ? refusal.getCode() : 0;
        Lines.write(Map.of("id", id, "error", Map.of("code", code, "message", String.valueOf(error.getMessage()))));
    }

    /** Fails if there is an error. */
    boolean hasFailed(Throwable error) {
        if (error != null) fail(error);
        return error != null;
    }
}
