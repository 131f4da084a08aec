// A meter profile's JSON. Internal to this library.
#pragma once

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "libs/protocols/profiles_json/catalogue.h"

namespace karez::protocols {

// Faults are appended; `out` is good only when none were.
void ReadMeterProfile(const nlohmann::json& json, const std::string& file, MeterProfile& out,
                      std::vector<ProfileFault>& faults);
void ReadCjt188Profile(const nlohmann::json& json, const std::string& file, cjt188::Profile& out,
                       std::vector<ProfileFault>& faults);
void ReadMbusProfile(const nlohmann::json& json, const std::string& file, mbus::Profile& out,
                     std::vector<ProfileFault>& faults);
void ReadDlt645Profile(const nlohmann::json& json, const std::string& file, dlt645::Profile& out,
                       std::vector<ProfileFault>& faults);
void ReadModbusProfile(const nlohmann::json& json, const std::string& file, modbus::Profile& out,
                       std::vector<ProfileFault>& faults);
void ReadPayloadProfile(const nlohmann::json& json, const std::string& file, payload::Profile& out,
                        std::vector<ProfileFault>& faults);
void ReadPropertiesProfile(const nlohmann::json& list, const std::string& file,
                           properties::Profile& out, std::vector<ProfileFault>& faults);
void ReadTerminalProfile(const nlohmann::json& json, const std::string& file,
                         envelope::TerminalProfile& out, std::vector<ProfileFault>& faults);

}  // namespace karez::protocols
