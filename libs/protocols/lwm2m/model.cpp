#include "libs/protocols/lwm2m/model.h"

namespace karez::protocols::lwm2m {
namespace {

constexpr bool kMany = true;

constexpr ResourceSpec kSecurity[] = {
    {0, "server_uri", Type::kString},        {1, "bootstrap_server", Type::kBoolean},
    {2, "security_mode", Type::kInteger},    {3, "public_key_or_identity", Type::kOpaque},
    {4, "server_public_key", Type::kOpaque}, {5, "secret_key", Type::kOpaque},
    {10, "short_server_id", Type::kInteger}, {11, "client_hold_off_time", Type::kInteger},
};

constexpr ResourceSpec kServer[] = {
    {0, "short_server_id", Type::kInteger},
    {1, "lifetime", Type::kInteger},
    {2, "default_minimum_period", Type::kInteger},
    {3, "default_maximum_period", Type::kInteger},
    {4, "disable", Type::kNone},
    {5, "disable_timeout", Type::kInteger},
    {6, "notification_storing", Type::kBoolean},
    {7, "binding", Type::kString},
    {8, "registration_update_trigger", Type::kNone},
    {22, "preferred_transport", Type::kString},
    {23, "mute_send", Type::kBoolean},
};

constexpr ResourceSpec kAccessControl[] = {
    {0, "object_id", Type::kInteger},
    {1, "object_instance_id", Type::kInteger},
    {2, "acl", Type::kInteger, kMany},
    {3, "access_control_owner", Type::kInteger},
};

constexpr ResourceSpec kDevice[] = {
    {0, "manufacturer", Type::kString},
    {1, "model_number", Type::kString},
    {2, "serial_number", Type::kString},
    {3, "firmware_version", Type::kString},
    {4, "reboot", Type::kNone},
    {5, "factory_reset", Type::kNone},
    {6, "power_sources", Type::kInteger, kMany},
    {7, "power_source_voltage", Type::kInteger, kMany},
    {8, "power_source_current", Type::kInteger, kMany},
    {9, "battery_level", Type::kInteger},
    {10, "memory_free", Type::kInteger},
    {11, "error_code", Type::kInteger, kMany},
    {12, "reset_error_code", Type::kNone},
    {13, "current_time", Type::kTime},
    {14, "utc_offset", Type::kString},
    {15, "timezone", Type::kString},
    {16, "supported_binding", Type::kString},
    {17, "device_type", Type::kString},
    {18, "hardware_version", Type::kString},
    {19, "software_version", Type::kString},
    {20, "battery_status", Type::kInteger},
    {21, "memory_total", Type::kInteger},
    {22, "ext_dev_info", Type::kObjectLink, kMany},
};

constexpr ResourceSpec kConnectivity[] = {
    {0, "network_bearer", Type::kInteger},
    {1, "available_network_bearer", Type::kInteger, kMany},
    {2, "radio_signal_strength", Type::kInteger},
    {3, "link_quality", Type::kInteger},
    {4, "ip_addresses", Type::kString, kMany},
    {5, "router_ip_addresses", Type::kString, kMany},
    {6, "link_utilization", Type::kInteger},
    {7, "apn", Type::kString, kMany},
    {8, "cell_id", Type::kInteger},
    {9, "smnc", Type::kInteger},
    {10, "smcc", Type::kInteger},
    {11, "signal_snr", Type::kInteger},
    {12, "lac", Type::kInteger},
    {13, "coverage_enhancement_level", Type::kInteger},
};

constexpr ResourceSpec kFirmware[] = {
    {0, "package", Type::kOpaque},
    {1, "package_uri", Type::kString},
    {2, "update", Type::kNone},
    {3, "state", Type::kInteger},
    {5, "update_result", Type::kInteger},
    {6, "package_name", Type::kString},
    {7, "package_version", Type::kString},
    {8, "protocol_support", Type::kInteger, kMany},
    {9, "delivery_method", Type::kInteger},
    {10, "cancel", Type::kNone},
    {11, "severity", Type::kInteger},
    {12, "last_state_change_time", Type::kTime},
    {13, "maximum_defer_period", Type::kUnsigned},
};

constexpr ResourceSpec kLocation[] = {
    {0, "latitude", Type::kFloat}, {1, "longitude", Type::kFloat}, {2, "altitude", Type::kFloat},
    {3, "radius", Type::kFloat},   {4, "velocity", Type::kOpaque}, {5, "timestamp", Type::kTime},
    {6, "speed", Type::kFloat},
};

constexpr ResourceSpec kStatistics[] = {
    {0, "sms_tx_counter", Type::kInteger},
    {1, "sms_rx_counter", Type::kInteger},
    {2, "tx_data", Type::kInteger},
    {3, "rx_data", Type::kInteger},
    {4, "max_message_size", Type::kInteger},
    {5, "average_message_size", Type::kInteger},
    {6, "start", Type::kNone},
    {7, "stop", Type::kNone},
    {8, "collection_period", Type::kInteger},
};

constexpr ResourceSpec kBinaryAppData[] = {
    {0, "data", Type::kOpaque, kMany}, {1, "data_priority", Type::kInteger},
    {2, "data_creation", Type::kTime}, {3, "data_description", Type::kString},
    {4, "data_format", Type::kString}, {5, "app_id", Type::kInteger},
};

constexpr ResourceSpec kWaterMeter[] = {
    {1, "cumulated_water_volume", Type::kFloat},
    {2, "cumulated_water_meter_value_reset", Type::kNone},
    {3, "type_of_meter", Type::kString},
    {4, "cumulated_pulse_value", Type::kInteger},
    {5, "cumulated_pulse_value_reset", Type::kNone},
    {6, "pulse_ratio", Type::kInteger},
    {7, "minimum_flow_rate", Type::kFloat},
    {8, "maximum_flow_rate", Type::kFloat},
    {9, "leak_suspected", Type::kBoolean},
    {10, "leak_detected", Type::kBoolean},
    {11, "back_flow_detected", Type::kBoolean},
    {12, "blocked_meter", Type::kBoolean},
    {13, "fraud_detected", Type::kBoolean},
    {5518, "timestamp", Type::kTime},
    {6042, "measurement_quality_indicator", Type::kInteger},
    {6049, "measurement_quality_level", Type::kInteger},
    {6050, "fractional_timestamp", Type::kFloat},
};

constexpr ResourceSpec kIrrigationValve[] = {
    {1, "default_status", Type::kInteger},
    {2, "status", Type::kInteger},
    {3, "command", Type::kInteger},
    {4, "command_in_action", Type::kInteger},
    {5, "scheduler_id", Type::kInteger, kMany},
    {6, "invalid_scheduler", Type::kBoolean},
};

constexpr ResourceSpec kAppData[] = {
    {0, "ul_data", Type::kOpaque},
    {1, "dl_data", Type::kOpaque},
};

// 10266…10271: interval data.
constexpr ResourceSpec kInterval[] = {
    {6000, "interval_period", Type::kInteger},
    {6001, "interval_start_offset", Type::kInteger},
    {6002, "interval_utc_offset", Type::kString},
    {6003, "interval_collection_start_time", Type::kTime},
    {6004, "oldest_recorded_interval", Type::kTime},
    {6005, "last_delivered_interval", Type::kTime},
    {6006, "latest_recorded_interval", Type::kTime},
    {6007, "interval_delivery_midnight_aligned", Type::kBoolean},
    {6008, "interval_historical_read", Type::kNone},
    {6009, "interval_historical_read_payload", Type::kOpaque},
    {6010, "interval_change_configuration", Type::kNone},
    {6026, "start", Type::kNone},
    {6027, "stop", Type::kNone},
    {6028, "status", Type::kInteger},
    {6029, "latest_payload", Type::kOpaque},
};

// 10272…10277: alarms.
constexpr ResourceSpec kAlarm[] = {
    {6011, "event_type", Type::kInteger},
    {6012, "alarm_realtime", Type::kBoolean},
    {6013, "alarm_state", Type::kBoolean},
    {6014, "alarm_set_threshold", Type::kFloat},
    {6015, "alarm_set_operator", Type::kInteger},
    {6016, "alarm_clear_threshold", Type::kFloat},
    {6017, "alarm_clear_operator", Type::kInteger},
    {6018, "alarm_maximum_event_count", Type::kInteger},
    {6019, "alarm_maximum_event_period", Type::kInteger},
    {6020, "latest_delivered_event_time", Type::kTime},
    {6021, "latest_recorded_event_time", Type::kTime},
    {6022, "alarm_clear", Type::kNone},
    {6023, "alarm_auto_clear", Type::kBoolean},
    {6024, "event_code", Type::kInteger},
    {6025, "latest_payload", Type::kOpaque},
};

// The examples of the specification itself (1.0 section 4.3.3).
constexpr ResourceSpec kExample65[] = {{0, "res_0", Type::kObjectLink, kMany},
                                       {1, "res_1", Type::kString},
                                       {2, "res_2", Type::kInteger}};
constexpr ResourceSpec kExample66[] = {
    {0, "res_0", Type::kString}, {1, "res_1", Type::kString}, {2, "res_2", Type::kObjectLink}};

constexpr ObjectSpec kObjects[] = {
    {3, "device", kDevice},
    {1, "server", kServer},
    {2, "access_control", kAccessControl},
    {3424, "water_meter", kWaterMeter},
    {4, "connectivity_monitoring", kConnectivity},
    {5, "firmware_update", kFirmware},
    {19, "binary_app_data_container", kBinaryAppData},
    {10250, "app_data_container", kAppData},
    {10266, "water_flow_readings", kInterval},
    {10267, "daily_maximum_flow_rate_readings", kInterval},
    {10268, "temperature_readings", kInterval},
    {10269, "pressure_readings", kInterval},
    {10270, "battery_level_readings", kInterval},
    {10271, "communications_activity_time_readings", kInterval},
    {10272, "water_meter_customer_leakage_alarm", kAlarm},
    {10273, "water_meter_reverse_flow_alarm", kAlarm},
    {10274, "water_meter_empty_pipe_alarm", kAlarm},
    {10275, "water_meter_tamper_alarm", kAlarm},
    {10276, "water_meter_high_pressure_alarm", kAlarm},
    {10277, "water_meter_low_pressure_alarm", kAlarm},
    {65, "example_65", kExample65},
    {66, "example_66", kExample66},
    {6, "location", kLocation},
    {3425, "irrigation_valve", kIrrigationValve},
    {7, "connectivity_statistics", kStatistics},
    {0, "security", kSecurity},
};

}  // namespace

std::span<const ObjectSpec> Objects() { return kObjects; }

const ObjectSpec* FindObject(uint16_t object) {
  for (const ObjectSpec& spec : kObjects) {
    if (spec.id == object) return &spec;
  }
  return nullptr;
}

const ResourceSpec* FindResource(uint16_t object, uint16_t resource) {
  const ObjectSpec* spec = FindObject(object);
  if (spec == nullptr) return nullptr;
  for (const ResourceSpec& known : spec->resources) {
    if (known.id == resource) return &known;
  }
  return nullptr;
}

Type TypeOf(uint16_t object, uint16_t resource) {
  const ResourceSpec* spec = FindResource(object, resource);
  return spec != nullptr ? spec->type : Type::kUnknown;
}

}  // namespace karez::protocols::lwm2m
