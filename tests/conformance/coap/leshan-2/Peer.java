import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.californium.core.coap.CoAP;
import org.eclipse.californium.core.coap.EmptyMessage;
import org.eclipse.californium.core.coap.Message;
import org.eclipse.californium.core.coap.Option;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.coap.Token;
import org.eclipse.californium.core.coap.option.StandardOptionRegistry;
import org.eclipse.californium.core.network.serialization.UdpDataParser;
import org.eclipse.californium.core.network.serialization.UdpDataSerializer;
import org.eclipse.californium.elements.util.StringUtil;
import org.eclipse.leshan.core.model.LwM2mModel;
import org.eclipse.leshan.core.model.ObjectLoader;
import org.eclipse.leshan.core.model.StaticModel;
import org.eclipse.leshan.core.node.LwM2mMultipleResource;
import org.eclipse.leshan.core.node.LwM2mObjectInstance;
import org.eclipse.leshan.core.node.LwM2mPath;
import org.eclipse.leshan.core.node.LwM2mResource;
import org.eclipse.leshan.core.node.LwM2mSingleResource;
import org.eclipse.leshan.core.node.codec.DefaultLwM2mDecoder;
import org.eclipse.leshan.core.node.codec.DefaultLwM2mEncoder;
import org.eclipse.leshan.core.request.ContentFormat;

/** Californium and Leshan behind the questions of tests/conformance/tools/coap_encode.cpp. */
public class Peer {
  static final ObjectMapper JSON = new ObjectMapper();
  static final LwM2mModel MODEL = new StaticModel(ObjectLoader.loadDefault());

  public static void main(String[] arguments) throws Exception {
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, "UTF-8"));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      ObjectNode answer;
      try {
        answer = answer(JSON.readTree(line));
      } catch (Exception e) {
        answer = JSON.createObjectNode().put("error", String.valueOf(e.getMessage()));
      }
      System.out.println(JSON.writeValueAsString(answer));
      System.out.flush();
    }
  }

  static ObjectNode answer(JsonNode asked) throws Exception {
    switch (asked.get("op").asText()) {
      case "write":
        return write(asked);
      case "parse":
        return parse(asked);
      case "write_values":
        return writeValues(asked);
      default:
        return readValues(asked);
    }
  }

  static byte[] bytes(JsonNode hex) {
    return StringUtil.hex2ByteArray(hex.asText().toUpperCase());
  }

  static String hex(byte[] bytes) {
    return bytes == null ? "" : StringUtil.byteArray2Hex(bytes) == null
        ? "" : StringUtil.byteArray2Hex(bytes).toLowerCase();
  }

  static ObjectNode write(JsonNode asked) {
    int code = asked.get("code").asInt();
    CoAP.Type type = CoAP.Type.valueOf(asked.get("type").asInt());
    Message message = code < 32 ? new Request(CoAP.Code.valueOf(code))
        : new Response(CoAP.ResponseCode.valueOf(code));
    message.setType(type);
    message.setMID(asked.get("mid").asInt());
    message.setToken(new Token(bytes(asked.get("token"))));
    for (JsonNode option : asked.get("options")) {
      message.getOptions().addOtherOption(
          new Option(StandardOptionRegistry.getDefaultOptionRegistry()
              .getDefinitionByNumber(option.get(0).asInt()) == null
                  ? new org.eclipse.californium.core.coap.option.OpaqueOptionDefinition(
                      option.get(0).asInt(), "other")
                  : StandardOptionRegistry.getDefaultOptionRegistry()
                      .getDefinitionByNumber(option.get(0).asInt()),
              bytes(option.get(1))));
    }
    message.setPayload(bytes(asked.get("payload")));
    return JSON.createObjectNode().put("hex", hex(new UdpDataSerializer().getByteArray(message)));
  }

  static ObjectNode parse(JsonNode asked) {
    Message message = new UdpDataParser().parseMessage(bytes(asked.get("hex")));
    ObjectNode answer = JSON.createObjectNode();
    answer.put("type", message.getType().value);
    answer.put("code", message.getRawCode());
    answer.put("mid", message.getMID());
    answer.put("token", hex(message.getTokenBytes()));
    ArrayNode options = answer.putArray("options");
    for (Option option : message.getOptions().asSortedList()) {
      options.addArray().add(option.getNumber()).add(hex(option.getValue()));
    }
    answer.put("payload", hex(message.getPayload()));
    return answer;
  }

  static ContentFormat format(JsonNode asked) {
    switch (asked.get("format").asText()) {
      case "tlv":
        return ContentFormat.TLV;
      case "senml-json":
        return ContentFormat.SENML_JSON;
      case "senml-cbor":
        return ContentFormat.SENML_CBOR;
      default:
        return ContentFormat.JSON;
    }
  }

  /** A single value, by its type's name. */
  static LwM2mSingleResource single(int id, String type, JsonNode value) {
    if (type.equals("string")) return LwM2mSingleResource.newStringResource(id, value.asText());
    if (type.equals("time")) {
      return LwM2mSingleResource.newDateResource(id, new Date(value.asLong() * 1000));
    }
    return LwM2mSingleResource.newIntegerResource(id, value.asLong());
  }

  static ObjectNode writeValues(JsonNode asked) {
    List<LwM2mResource> resources = new ArrayList<>();
    Map<Integer, Map<Integer, Long>> multiple = new LinkedHashMap<>();
    for (JsonNode value : asked.get("values")) {
      String[] ids = value.get(0).asText().split("/");
      int id = Integer.parseInt(ids[3]);
      if (ids.length > 4) {
        multiple.computeIfAbsent(id, key -> new LinkedHashMap<>())
            .put(Integer.parseInt(ids[4]), value.get(2).asLong());
      } else {
        resources.add(single(id, value.get(1).asText(), value.get(2)));
      }
    }
    multiple.forEach(
        (id, values) -> resources.add(LwM2mMultipleResource.newIntegerResource(id, values)));
    byte[] content = new DefaultLwM2mEncoder().encode(new LwM2mObjectInstance(0, resources),
        format(asked), new LwM2mPath(asked.get("base").asText()), MODEL);
    return JSON.createObjectNode().put("hex", hex(content));
  }

  static ObjectNode readValues(JsonNode asked) {
    String base = asked.get("base").asText();
    LwM2mObjectInstance instance = (LwM2mObjectInstance) new DefaultLwM2mDecoder()
        .decode(bytes(asked.get("hex")), format(asked), new LwM2mPath(base), MODEL);
    ObjectNode answer = JSON.createObjectNode();
    ArrayNode values = answer.putArray("values");
    for (LwM2mResource resource : instance.getResources().values()) {
      String path = base + "/" + resource.getId();
      if (resource.isMultiInstances()) {
        resource.getInstances().forEach(
            (id, one) -> add(values, path + "/" + id, resource, one.getValue()));
      } else {
        add(values, path, resource, resource.getValue());
      }
    }
    return answer;
  }

  static void add(ArrayNode values, String path, LwM2mResource resource, Object value) {
    ArrayNode one = values.addArray().add(path);
    one.add(resource.getType().name().toLowerCase());
    if (value instanceof Date) {
      one.add(((Date) value).getTime() / 1000);
    } else if (value instanceof Long) {
      one.add((Long) value);
    } else {
      one.add(String.valueOf(value));
    }
  }
}
