#include "services/accounts/store/address_store.h"

#include <optional>
#include <string>

namespace karez::accounts::store {
namespace {

constexpr pg::Query kInsertAddress{"accounts.insert_address", R"sql(
  INSERT INTO address (tenant_id, id, parent_id, level, name, path, full_text)
  SELECT $1, id, parent_id, level, name, path, full_text
    FROM unnest($2::uuid[], $3::uuid[], $4::smallint[], $5::text[], $6::text[], $7::text[])
         WITH ORDINALITY AS a(id, parent_id, level, name, path, full_text, position)
   ORDER BY position
      ON CONFLICT DO NOTHING)sql"};

constexpr pg::Query kFindAddress{"accounts.find_address", R"sql(
  SELECT l0.parent_id, l0.level, l0.name, l0.path, l0.full_text,
         l1.level AS level1, l1.name AS name1, l2.level AS level2, l2.name AS name2,
         l3.level AS level3, l3.name AS name3, l4.level AS level4, l4.name AS name4
    FROM address l0
    LEFT JOIN address l1 ON l1.tenant_id = $1 AND l1.id = l0.parent_id
    LEFT JOIN address l2 ON l2.tenant_id = $1 AND l2.id = l1.parent_id
    LEFT JOIN address l3 ON l3.tenant_id = $1 AND l3.id = l2.parent_id
    LEFT JOIN address l4 ON l4.tenant_id = $1 AND l4.id = l3.parent_id
   WHERE l0.tenant_id = $1 AND l0.id = $2)sql"};

constexpr pg::Query kListAddresses{"accounts.list_addresses", R"sql(
  SELECT id, parent_id, level, name, path, full_text
    FROM address
   WHERE tenant_id = $1 AND parent_id = $2 AND (name COLLATE "C", id) > ($3, $4)
   ORDER BY name COLLATE "C", id
   LIMIT $5)sql"};

constexpr pg::Query kListRegions{"accounts.list_regions", R"sql(
  SELECT id, parent_id, level, name, path, full_text
    FROM address
   WHERE tenant_id = $1 AND parent_id IS NULL AND (name COLLATE "C", id) > ($2, $3)
   ORDER BY name COLLATE "C", id
   LIMIT $4)sql"};

void SetName(AddressNames& names, std::int32_t level, std::string name) {
  switch (static_cast<AddressLevel>(level)) {
    case AddressLevel::kRegion:
      names.region = std::move(name);
      break;
    case AddressLevel::kCommunity:
      names.community = std::move(name);
      break;
    case AddressLevel::kBuilding:
      names.building = std::move(name);
      break;
    case AddressLevel::kUnit:
      names.unit = std::move(name);
      break;
    case AddressLevel::kRoom:
      names.room = std::move(name);
      break;
  }
}

Address FromRow(const pg::Row& row, AddressId id) {
  Address out;
  out.id = id;
  out.parent_id = row.Get<std::optional<AddressId>>("parent_id").value_or(AddressId());
  out.level = static_cast<AddressLevel>(row.Get<std::int32_t>("level"));
  out.name = row.Get<std::string>("name");
  out.path = row.Get<std::string>("path");
  out.full_text = row.Get<std::string>("full_text");
  return out;
}

}  // namespace

void EnsureAddress(pg::Tx& tx, const Context& context, const std::vector<Address>& levels) {
  std::vector<AddressId> ids;
  std::vector<std::optional<AddressId>> parents;
  std::vector<std::int32_t> numbers;
  std::vector<std::string> names, paths, texts;
  for (const auto& level : levels) {
    ids.push_back(level.id);
    parents.push_back(level.parent_id.is_nil() ? std::nullopt : std::optional(level.parent_id));
    numbers.push_back(static_cast<std::int32_t>(level.level));
    names.push_back(level.name);
    paths.push_back(level.path);
    texts.push_back(level.full_text);
  }
  tx.Exec(kInsertAddress, context.tenant_id(), ids, parents, numbers, names, paths, texts);
}

Result<FoundAddress> FindAddress(pg::Tx& tx, const Context& context, AddressId id) {
  const auto rows = tx.Exec(kFindAddress, context.tenant_id(), id);
  if (rows.empty()) {
    return Fail(Code::kNotFound, "ADDRESS_NOT_FOUND", "No address has this address_id.");
  }
  const auto row = rows.One();
  FoundAddress out;
  out.address = FromRow(row, id);
  SetName(out.names, row.Get<std::int32_t>("level"), out.address.name);
  constexpr std::pair<const char*, const char*> kAbove[] = {
      {"level1", "name1"}, {"level2", "name2"}, {"level3", "name3"}, {"level4", "name4"}};
  for (const auto& [level, name] : kAbove) {
    if (row[level].is_null()) break;
    SetName(out.names, row.Get<std::int32_t>(level), row.Get<std::string>(name));
  }
  return out;
}

std::vector<Address> ListAddresses(pg::Tx& tx, const Context& context, AddressId parent,
                                   const std::string& after_name, AddressId after_id, int limit) {
  const auto rows =
      parent.is_nil()
          ? tx.Exec(kListRegions, context.tenant_id(), after_name, after_id, limit)
          : tx.Exec(kListAddresses, context.tenant_id(), parent, after_name, after_id, limit);
  std::vector<Address> out;
  for (const auto row : rows) out.push_back(FromRow(row, row.Get<AddressId>("id")));
  return out;
}

}  // namespace karez::accounts::store
