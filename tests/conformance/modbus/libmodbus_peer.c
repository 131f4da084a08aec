// libmodbus as the other side of the conformance run.
//   libmodbus_peer serve tcp PORT | rtu DEVICE     a slave, unit 17, until the line is closed
//   libmodbus_peer ask tcp PORT | rtu DEVICE       a master: "FC START COUNT [VALUE…]" a line of
//       standard input; answers the values read, "ok", or "exception N"
//   libmodbus_peer words                           a float's bits in hexadecimal a line; answers its
//       registers in the orders abcd badc cdab dcba
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <modbus.h>

enum { kUnit = 17, kBits = 2100, kRegisters = 300 };

static modbus_t* Open(const char* kind, const char* where) {
  modbus_t* line = strcmp(kind, "tcp") == 0 ? modbus_new_tcp("127.0.0.1", atoi(where))
                                            : modbus_new_rtu(where, 115200, 'N', 8, 1);
  modbus_set_slave(line, kUnit);
  modbus_set_response_timeout(line, 20, 0);
  modbus_set_byte_timeout(line, 20, 0);
  return line;
}

static modbus_mapping_t* Map(void) {
  modbus_mapping_t* map = modbus_mapping_new(kBits, kBits, kRegisters, kRegisters);
  for (int i = 0; i < kBits; ++i) {
    map->tab_bits[i] = i % 3 == 0;
    map->tab_input_bits[i] = i % 5 == 0;
  }
  for (int i = 0; i < kRegisters; ++i) {
    map->tab_registers[i] = (uint16_t)(i * 257 + 1);
    map->tab_input_registers[i] = (uint16_t)(65535 - i * 3);
  }
  return map;
}

static int Serve(modbus_t* line, int is_tcp) {
  modbus_mapping_t* map = Map();
  int listener = -1;
  if (is_tcp) {
    listener = modbus_tcp_listen(line, 1);
    puts("ready");
    fflush(stdout);
    if (modbus_tcp_accept(line, &listener) < 0) return 1;
  } else {
    if (modbus_connect(line) < 0) return 1;
    puts("ready");
    fflush(stdout);
  }
  for (;;) {
    uint8_t request[MODBUS_TCP_MAX_ADU_LENGTH];
    const int size = modbus_receive(line, request);
    if (size < 0 && errno == ETIMEDOUT) continue;
    if (size < 0) break;
    if (size > 0) modbus_reply(line, request, size, map);
  }
  modbus_mapping_free(map);
  return 0;
}

static int Ask(modbus_t* line, char* text) {
  static uint8_t bits[kBits];
  static uint16_t words[kRegisters];
  int fc = 0, start = 0, count = 0, used = 0;
  if (sscanf(text, "%d %d %d%n", &fc, &start, &count, &used) != 3) return -1;
  char* next = text + used;
  for (int i = 0; i < count && fc >= 5; ++i) {
    const long value = strtol(next, &next, 10);
    bits[i % kBits] = (uint8_t)value;
    words[i % kRegisters] = (uint16_t)value;
  }
  int done = -1;
  if (fc == 1) done = modbus_read_bits(line, start, count, bits);
  if (fc == 2) done = modbus_read_input_bits(line, start, count, bits);
  if (fc == 3) done = modbus_read_registers(line, start, count, words);
  if (fc == 4) done = modbus_read_input_registers(line, start, count, words);
  if (fc == 5) done = modbus_write_bit(line, start, bits[0]);
  if (fc == 6) done = modbus_write_register(line, start, words[0]);
  if (fc == 15) done = modbus_write_bits(line, start, count, bits);
  if (fc == 16) done = modbus_write_registers(line, start, count, words);
  if (done < 0 && errno >= EMBXILFUN && errno <= EMBXGTAR) {
    printf("exception %d\n", errno - MODBUS_ENOBASE);
  } else if (done < 0) {
    printf("failed: %s\n", modbus_strerror(errno));
  } else if (fc >= 5) {
    puts("ok");
  } else {
    for (int i = 0; i < done; ++i) printf("%d ", fc <= 2 ? bits[i] : words[i]);
    puts("");
  }
  return fflush(stdout);
}

static void Words(const char* text) {
  const uint32_t bits = (uint32_t)strtoul(text, NULL, 16);
  float value;
  memcpy(&value, &bits, sizeof value);
  uint16_t out[4][2];
  modbus_set_float_abcd(value, out[0]);
  modbus_set_float_badc(value, out[1]);
  modbus_set_float_cdab(value, out[2]);
  modbus_set_float_dcba(value, out[3]);
  for (int i = 0; i < 4; ++i) printf("%04x%04x ", out[i][0], out[i][1]);
  puts("");
}

int main(int argc, char** argv) {
  static char text[16384];
  if (argc == 2 && strcmp(argv[1], "words") == 0) {
    while (fgets(text, sizeof text, stdin)) Words(text);
    return 0;
  }
  if (argc != 4) return 2;
  modbus_t* line = Open(argv[2], argv[3]);
  if (strcmp(argv[1], "serve") == 0) return Serve(line, strcmp(argv[2], "tcp") == 0);
  if (modbus_connect(line) < 0) return 1;
  while (fgets(text, sizeof text, stdin)) Ask(line, text);
  modbus_close(line);
  return 0;
}
