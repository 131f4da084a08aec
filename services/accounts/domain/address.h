// Standard addresses: a tree of region → community → building → unit → room. Building and unit may
// be absent. The id of a level follows from the names above it, so that the same address written
// again, also at the same moment, is the same address. Values.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "libs/base/context.h"
#include "libs/base/error.h"
#include "services/accounts/domain/ids.h"

namespace karez::accounts {

enum class AddressLevel { kRegion = 1, kCommunity = 2, kBuilding = 3, kUnit = 4, kRoom = 5 };

// The names of one address, cleaned.
struct AddressNames {
  std::string region;
  std::string community;
  std::string building;  // may be empty
  std::string unit;      // may be empty
  std::string room;
};

// A node of the tree.
struct Address {
  AddressId id;
  AddressId parent_id;  // nil for a region
  AddressLevel level = AddressLevel::kRegion;
  std::string name;
  std::string path;       // identity: number and folded name of every level down to this one
  std::string full_text;  // "Hetan Apricot-Court 3 2 101"
};

// Cleans and checks; adds what is wrong to `bad`, the fields being the names of the levels.
AddressNames MakeAddressNames(const AddressNames& typed, Violations& bad);

// The levels that have a name, region first, room last.
std::vector<Address> Levels(TenantId tenant, const AddressNames& names);

}  // namespace karez::accounts
