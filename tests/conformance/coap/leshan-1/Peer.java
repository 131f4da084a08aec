import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.leshan.core.model.LwM2mModel;
import org.eclipse.leshan.core.model.ObjectLoader;
import org.eclipse.leshan.core.model.StaticModel;
import org.eclipse.leshan.core.node.LwM2mMultipleResource;
import org.eclipse.leshan.core.node.LwM2mObjectInstance;
import org.eclipse.leshan.core.node.LwM2mPath;
import org.eclipse.leshan.core.node.LwM2mResource;
import org.eclipse.leshan.core.node.LwM2mSingleResource;
import org.eclipse.leshan.core.node.codec.DefaultLwM2mNodeDecoder;
import org.eclipse.leshan.core.node.codec.DefaultLwM2mNodeEncoder;
import org.eclipse.leshan.core.request.ContentFormat;
import org.eclipse.leshan.core.util.Hex;

/** Leshan 1.5 (LwM2M 1.0) behind the questions of tests/conformance/tools/coap_encode.cpp. */
public class Peer {
  static final LwM2mModel MODEL = new StaticModel(ObjectLoader.loadDefault());

  public static void main(String[] arguments) throws Exception {
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, "UTF-8"));
    PrintStream out = new PrintStream(System.out, true, "UTF-8");
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      JsonObject answer;
      try {
        JsonObject asked = Json.parse(line).asObject();
        boolean writes = asked.getString("op", "").equals("write_values");
        answer = writes ? writeValues(asked) : readValues(asked);
      } catch (Exception e) {
        answer = new JsonObject().add("error", String.valueOf(e.getMessage()));
      }
      out.println(answer);
    }
  }

  static ContentFormat format(JsonObject asked) {
    return asked.getString("format", "").equals("tlv") ? ContentFormat.TLV : ContentFormat.JSON;
  }

  /** A single value, by its type's name. */
  static LwM2mSingleResource single(int id, String type, JsonValue value) {
    if (type.equals("string")) return LwM2mSingleResource.newStringResource(id, value.asString());
    if (type.equals("time")) {
      return LwM2mSingleResource.newDateResource(id, new Date(value.asLong() * 1000));
    }
    return LwM2mSingleResource.newIntegerResource(id, value.asLong());
  }

  static JsonObject writeValues(JsonObject asked) {
    List<LwM2mResource> resources = new ArrayList<>();
    Map<Integer, Map<Integer, Long>> multiple = new LinkedHashMap<>();
    for (JsonValue item : asked.get("values").asArray()) {
      JsonArray value = item.asArray();
      String[] ids = value.get(0).asString().split("/");
      int id = Integer.parseInt(ids[3]);
      if (ids.length > 4) {
        multiple.computeIfAbsent(id, key -> new LinkedHashMap<>())
            .put(Integer.parseInt(ids[4]), value.get(2).asLong());
      } else {
        resources.add(single(id, value.get(1).asString(), value.get(2)));
      }
    }
    multiple.forEach(
        (id, values) -> resources.add(LwM2mMultipleResource.newIntegerResource(id, values)));
    byte[] content = new DefaultLwM2mNodeEncoder().encode(new LwM2mObjectInstance(0, resources),
        format(asked), new LwM2mPath(asked.getString("base", "")), MODEL);
    return new JsonObject().add("hex", Hex.encodeHexString(content));
  }

  static JsonObject readValues(JsonObject asked) throws Exception {
    String base = asked.getString("base", "");
    LwM2mObjectInstance instance = (LwM2mObjectInstance) new DefaultLwM2mNodeDecoder().decode(
        Hex.decodeHex(asked.getString("hex", "").toCharArray()), format(asked),
        new LwM2mPath(base), MODEL);
    JsonArray values = new JsonArray();
    for (LwM2mResource resource : instance.getResources().values()) {
      String path = base + "/" + resource.getId();
      if (resource.isMultiInstances()) {
        resource.getValues().forEach((id, value) -> add(values, path + "/" + id, resource, value));
      } else {
        add(values, path, resource, resource.getValue());
      }
    }
    return new JsonObject().add("values", values);
  }

  static void add(JsonArray values, String path, LwM2mResource resource, Object value) {
    JsonArray one = new JsonArray().add(path).add(resource.getType().name().toLowerCase());
    if (value instanceof Date) {
      one.add(((Date) value).getTime() / 1000);
    } else if (value instanceof Long) {
      one.add((Long) value);
    } else {
      one.add(String.valueOf(value));
    }
    values.add(one);
  }
}
