// Settled consumption that waits for a person.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "libs/base/context.h"
#include "libs/pg/tx.h"
#include "services/billing/domain/review.h"

namespace karez::billing::store {

// An item as it is read.
struct ReviewRecord {
  ReviewItem item{};
  std::string account_number{};  // empty while the account is not known here
  std::string customer_name{};
};

// Open items of the month, by account.
std::map<AccountId, ReviewItem> OpenItems(pg::Tx& tx, const Context& context, Month month,
                                          const std::vector<AccountId>& accounts);
// Inserts, or replaces what was found and decided before under the same id.
void SaveItem(pg::Tx& tx, const Context& context, const ReviewItem& item);
// Their consumption is billed or left out.
void CloseItems(pg::Tx& tx, const Context& context, const std::vector<ReviewItemId>& items);

// NOT_FOUND "REVIEW_ITEM_NOT_FOUND", also outside the caller's branches. Locks it.
Result<ReviewRecord> LockItem(pg::Tx& tx, const Context& context, ReviewItemId id);

struct ReviewKey {
  LocalDate month{};
  ReviewItemId id{};
};
// Newest month first. `open_only`: only those without a decision whose consumption still waits.
std::vector<ReviewRecord> ListItems(pg::Tx& tx, const Context& context, std::optional<Month> month,
                                    bool open_only, const std::optional<ReviewKey>& after,
                                    int limit);

}  // namespace karez::billing::store
