#include "services/accounts/domain/address.h"

#include "services/accounts/domain/text.h"

namespace karez::accounts {
namespace {

constexpr std::size_t kNameCharactersMax = 60;
constexpr char kLevelSeparator = '\x1f';  // no name holds a control character

// Space of the derived ids; random, fixed for ever.
const Uuid& AddressSpace() {
  static const Uuid space = *Uuid::Parse("6f2f6ad1-8a57-4c39-9d0c-6b7a1f5d3e42");
  return space;
}

std::string Clean(std::string_view field, const std::string& typed, bool required,
                  Violations& bad) {
  const std::string name = CleanSpaces(typed);
  if (name.empty()) {
    if (required) bad.Add(std::string(field), "Must be given.");
    return name;
  }
  if (CountCharacters(name) > kNameCharactersMax || HasControlCharacters(name)) {
    bad.Add(std::string(field), "Must be at most 60 characters without control characters.");
  } else if (Normalise(name).empty()) {
    bad.Add(std::string(field), "Must have a letter or a digit.");
  }
  return name;
}

}  // namespace

AddressNames MakeAddressNames(const AddressNames& typed, Violations& bad) {
  AddressNames out;
  out.region = Clean("region", typed.region, true, bad);
  out.community = Clean("community", typed.community, true, bad);
  out.building = Clean("building", typed.building, false, bad);
  out.unit = Clean("unit", typed.unit, false, bad);
  out.room = Clean("room", typed.room, true, bad);
  return out;
}

std::vector<Address> Levels(TenantId tenant, const AddressNames& names) {
  std::vector<Address> out;
  const auto add = [&](AddressLevel level, const std::string& name) {
    if (name.empty()) return;
    Address node;
    node.level = level;
    node.name = name;
    if (!out.empty()) {
      node.parent_id = out.back().id;
      node.path = out.back().path + kLevelSeparator;
      node.full_text = out.back().full_text + " ";
    }
    node.path += std::to_string(static_cast<int>(level)) + ":" + Fold(name);
    node.full_text += name;
    node.id = AddressId(Uuid::V5(AddressSpace(), std::to_string(tenant) + "/" + node.path));
    out.push_back(std::move(node));
  };
  add(AddressLevel::kRegion, names.region);
  add(AddressLevel::kCommunity, names.community);
  add(AddressLevel::kBuilding, names.building);
  add(AddressLevel::kUnit, names.unit);
  add(AddressLevel::kRoom, names.room);
  return out;
}

}  // namespace karez::accounts
