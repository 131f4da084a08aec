package peer;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.reflect.Method;
import java.text.SimpleDateFormat;
import java.util.Date;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.openmuc.jmbus.DataRecord;
import org.openmuc.jmbus.MBusMessage;
import org.openmuc.jmbus.SecondaryAddress;
import org.openmuc.jmbus.VariableDataStructure;
import org.openmuc.jmbus.wireless.WMBusMessage;

/** One line in, "wired HEX" or "wireless HEX [KEY]"; one line out: what jmbus reads in it. */
public final class Peer {
  private static final HexFormat HEX = HexFormat.of();

  public static void main(String[] arguments) throws Exception {
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String answer;
      try {
        answer = answer(line.split(" "));
      } catch (Exception refused) {
        answer = "refused " + refused.getClass().getSimpleName();
      }
      System.out.println(answer);
      System.out.flush();
    }
  }

  private static String answer(String[] words) throws Exception {
    byte[] bytes = HEX.parseHex(words[1]);
    VariableDataStructure data;
    if (words[0].equals("wired")) {
      data = MBusMessage.decode(bytes, bytes.length).getVariableDataResponse();
    } else {
      data = wireless(bytes, words.length > 2 ? HEX.parseHex(words[2]) : null);
    }
    if (data == null) return "nothing";
    data.decode();
    StringBuilder text = new StringBuilder("read");
    for (DataRecord record : data.getDataRecords()) {
      text.append(' ').append(HEX.formatHex(record.getDib()))
          .append(',').append(HEX.formatHex(record.getVib()))
          .append(',').append(record.getFunctionField())
          .append(',').append(record.getStorageNumber())
          .append(',').append(record.getTariff())
          .append(',').append(record.getSubunit())
          .append(',').append(record.getDataValueType())
          .append(',').append(value(record))
          .append(',').append(record.getMultiplierExponent());
    }
    return text.toString();
  }

  private static String value(DataRecord record) {
    Object value = record.getDataValue();
    if (value instanceof Date date) {
      return new SimpleDateFormat("yyyy-MM-dd'T'HH:mm:ss").format(date);
    }
    return String.valueOf(value).replace(' ', '_').replace(',', ';');
  }

  // jmbus decodes telegrams only inside its own connections.
  private static VariableDataStructure wireless(byte[] bytes, byte[] key) throws Exception {
    Map<SecondaryAddress, byte[]> keys = new HashMap<>();
    if (key != null) keys.put(SecondaryAddress.newFromWMBusHeader(bytes, 2), key);
    Method decode =
        WMBusMessage.class.getDeclaredMethod("decode", byte[].class, Integer.class, Map.class);
    decode.setAccessible(true);
    return ((WMBusMessage) decode.invoke(null, bytes, 0, keys)).getVariableDataResponse();
  }
}
