#include "services/billing/store/review_store.h"

namespace karez::billing::store {
namespace {

constexpr pg::Query kOpenItems{"billing.open_review_items", R"sql(
  SELECT r.id, r.account_id, r.month, r.sequence, r.meter_id, r.meter_number, r.volume_ml,
         r.usual_ml, r.reasons, r.decision, r.decided_volume_ml, r.decided_by, r.note,
         r.closed
    FROM review_item r
   WHERE r.tenant_id = $1 AND r.month = $2 AND r.account_id = ANY($3::uuid[]) AND NOT r.closed
     FOR UPDATE)sql"};

constexpr pg::Query kSaveItem{"billing.save_review_item", R"sql(
  INSERT INTO review_item (tenant_id, id, account_id, month, sequence, meter_id, meter_number,
                           volume_ml, usual_ml, reasons, decision, decided_volume_ml, decided_by,
                           note)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::bigint[], $11, $12, $13, $14)
  ON CONFLICT (tenant_id, id) DO UPDATE
     SET meter_id = excluded.meter_id, meter_number = excluded.meter_number,
         volume_ml = excluded.volume_ml, usual_ml = excluded.usual_ml,
         reasons = excluded.reasons, decision = excluded.decision,
         decided_volume_ml = excluded.decided_volume_ml, decided_by = excluded.decided_by,
         note = excluded.note, closed = false)sql"};

constexpr pg::Query kCloseItems{"billing.close_review_items", R"sql(
  UPDATE review_item SET closed = true WHERE tenant_id = $1 AND id = ANY($2::uuid[]))sql"};

constexpr pg::Query kLockItem{"billing.lock_review_item", R"sql(
  SELECT r.id, r.account_id, r.month, r.sequence, r.meter_id, r.meter_number, r.volume_ml,
         r.usual_ml, r.reasons, r.decision, r.decided_volume_ml, r.decided_by, r.note,
         r.closed, COALESCE(a.number, '') AS account_number, COALESCE(a.customer_name, '') AS customer_name
    FROM review_item r
    LEFT JOIN account a ON a.tenant_id = $1 AND a.id = r.account_id
   WHERE r.tenant_id = $1 AND r.id = $2
     AND ($3::uuid[] IS NULL OR a.branch_id = ANY($3::uuid[]))
     FOR UPDATE OF r)sql"};

constexpr pg::Query kListItems{"billing.list_review_items", R"sql(
  SELECT r.id, r.account_id, r.month, r.sequence, r.meter_id, r.meter_number, r.volume_ml,
         r.usual_ml, r.reasons, r.decision, r.decided_volume_ml, r.decided_by, r.note,
         r.closed, COALESCE(a.number, '') AS account_number, COALESCE(a.customer_name, '') AS customer_name
    FROM review_item r
    LEFT JOIN account a ON a.tenant_id = $1 AND a.id = r.account_id
   WHERE r.tenant_id = $1
     AND ($2::uuid[] IS NULL OR a.branch_id = ANY($2::uuid[]))
     AND ($3::date IS NULL OR r.month = $3)
     AND (NOT $4 OR (r.decision = 0 AND NOT r.closed))
     AND ($5::date IS NULL OR r.month < $5 OR (r.month = $5 AND r.id > $6::uuid))
   ORDER BY r.month DESC, r.id
   LIMIT $7)sql"};

ReviewItem FromRow(const pg::Row& row) {
  ReviewItem item;
  item.id = row.Get<ReviewItemId>("id");
  item.account_id = row.Get<AccountId>("account_id");
  item.month = MonthOf(row.Get<LocalDate>("month"));
  item.sequence = row.Get<std::int32_t>("sequence");
  item.meter_id = row.Get<MeterId>("meter_id");
  item.meter_number = row.Get<std::string>("meter_number");
  item.volume_ml = row.Get<std::int64_t>("volume_ml");
  item.usual_ml = row.Get<std::int64_t>("usual_ml");
  for (const std::int64_t reason : row.Get<std::vector<std::int64_t>>("reasons")) {
    item.reasons.push_back(static_cast<ReviewReason>(reason));
  }
  item.decision = static_cast<Decision>(row.Get<std::int32_t>("decision"));
  item.decided_volume_ml = row.Get<std::int64_t>("decided_volume_ml");
  item.decided_by = row.Get<std::string>("decided_by");
  item.note = row.Get<std::string>("note");
  item.closed = row.Get<bool>("closed");
  return item;
}

ReviewRecord RecordFromRow(const pg::Row& row) {
  return {.item = FromRow(row),
          .account_number = row.Get<std::string>("account_number"),
          .customer_name = row.Get<std::string>("customer_name")};
}

}  // namespace

std::map<AccountId, ReviewItem> OpenItems(pg::Tx& tx, const Context& context, Month month,
                                          const std::vector<AccountId>& accounts) {
  std::map<AccountId, ReviewItem> out;
  for (const auto& row : tx.Exec(kOpenItems, context.tenant_id(), FirstDay(month), accounts)) {
    ReviewItem item = FromRow(row);
    out[item.account_id] = std::move(item);
  }
  return out;
}

void SaveItem(pg::Tx& tx, const Context& context, const ReviewItem& item) {
  std::vector<std::int64_t> reasons;
  for (const ReviewReason reason : item.reasons) {
    reasons.push_back(static_cast<std::int64_t>(reason));
  }
  tx.Exec(kSaveItem, context.tenant_id(), item.id, item.account_id, FirstDay(item.month),
          item.sequence, item.meter_id, item.meter_number, item.volume_ml, item.usual_ml, reasons,
          static_cast<std::int32_t>(item.decision), item.decided_volume_ml, item.decided_by,
          item.note);
}

void CloseItems(pg::Tx& tx, const Context& context, const std::vector<ReviewItemId>& items) {
  if (!items.empty()) tx.Exec(kCloseItems, context.tenant_id(), items);
}

Result<ReviewRecord> LockItem(pg::Tx& tx, const Context& context, ReviewItemId id) {
  const auto rows = tx.Exec(kLockItem, context.tenant_id(), id, context.scope().Limit());
  if (rows.empty()) {
    return Fail(Code::kNotFound, "REVIEW_ITEM_NOT_FOUND", "There is no such review item.");
  }
  return RecordFromRow(rows[0]);
}

std::vector<ReviewRecord> ListItems(pg::Tx& tx, const Context& context, std::optional<Month> month,
                                    bool open_only, const std::optional<ReviewKey>& after,
                                    int limit) {
  std::optional<LocalDate> first_day;
  if (month) first_day = FirstDay(*month);
  std::optional<LocalDate> after_month;
  std::optional<ReviewItemId> after_id;
  if (after) {
    after_month = after->month;
    after_id = after->id;
  }
  std::vector<ReviewRecord> out;
  for (const auto& row : tx.Exec(kListItems, context.tenant_id(), context.scope().Limit(),
                                 first_day, open_only, after_month, after_id, limit)) {
    out.push_back(RecordFromRow(row));
  }
  return out;
}

}  // namespace karez::billing::store
