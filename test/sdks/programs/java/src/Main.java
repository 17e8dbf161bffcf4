import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Drives centrifuge-java: support/program.ts says how. */
final class Main {
    private static final Map<String, DrivenClient> CLIENTS = new ConcurrentHashMap<>();

    public static void main(String[] args) throws IOException {
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            JsonObject command = JsonParser.parseString(line).getAsJsonObject();
            Answer answer = new Answer(command.get("id").getAsInt());
            try {
                obey(command, answer);
            } catch (Exception error) {
                answer.fail(error);
            }
        }
        System.exit(0);
    }

    private static void obey(JsonObject command, Answer answer) throws Exception {
        String name = command.get("client").getAsString();
        if (command.get("do").getAsString().equals("connect")) {
            CLIENTS.put(name, new DrivenClient(name, command));
            answer.succeed(null);
        } else {
            CLIENTS.get(name).carryOut(command, answer);
        }
    }
}
