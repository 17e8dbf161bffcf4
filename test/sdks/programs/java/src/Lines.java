import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Writes what is told, one JSON object in each line. */
final class Lines {
    private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();
    private static final PrintStream OUTPUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    private Lines() {}

    static void write(Map<String, ?> line) {
        synchronized (OUTPUT) {
            OUTPUT.println(GSON.toJson(line));
        }
    }
}
