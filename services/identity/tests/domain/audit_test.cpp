#include <functional>

#include <gtest/gtest.h>

#include "services/identity/usecases/append_audit.h"

namespace karez::identity {
namespace {

AuditEntry Sample() {
  AuditEntry entry;
  entry.record_id = Uuid::Parse("0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b").value();
  entry.happened_at = ParseInstant("2026-05-01T00:00:00Z").value();
  entry.service = "billing";
  entry.method = "karez.billing.v1.BillingService.CollectPayment";
  entry.subject = "staff";
  entry.subject_name = "clerk";
  entry.outcome = "OK";
  entry.request_json = "{}";
  return entry;
}

TEST(AuditChainTest, NumbersWithoutGapsAndLinksToTheHashBefore) {
  ChainHead head;
  const ChainedEntry first = usecases::Chain(head, Sample());
  EXPECT_EQ(first.sequence, 1);
  EXPECT_EQ(first.hash.size(), 32U);
  EXPECT_EQ(head.hash, first.hash);
  const ChainedEntry second = usecases::Chain(head, Sample());
  EXPECT_EQ(second.sequence, 2);
  EXPECT_NE(second.hash, first.hash);
  ChainHead other{1, std::string(32, 'x')};
  EXPECT_NE(usecases::Chain(other, Sample()).hash, second.hash);
}

TEST(AuditChainTest, EveryFieldIsCovered) {
  ChainHead start;
  const std::string hash = usecases::Chain(start, Sample()).hash;
  const std::function<void(AuditEntry&)> changes[] = {
      [](AuditEntry& e) { e.record_id = Uuid::V7(); },
      [](AuditEntry& e) { e.happened_at += Duration(1); }, [](AuditEntry& e) { e.service += "x"; },
      [](AuditEntry& e) { e.method += "x"; }, [](AuditEntry& e) { e.subject += "x"; },
      [](AuditEntry& e) { e.subject_name += "x"; }, [](AuditEntry& e) { e.session_id += "x"; },
      [](AuditEntry& e) { e.via += "x"; }, [](AuditEntry& e) { e.outcome += "x"; },
      [](AuditEntry& e) { e.request_id += "x"; }, [](AuditEntry& e) { e.trace_id += "x"; },
      [](AuditEntry& e) { e.request_json += "x"; },
      // The same bytes in a row, cut elsewhere.
      [](AuditEntry& e) { e.service += e.method.substr(0, 1), e.method.erase(0, 1); }};
  for (const auto& change : changes) {
    AuditEntry entry = Sample();
    change(entry);
    ChainHead head;
    EXPECT_NE(usecases::Chain(head, entry).hash, hash);
  }
}

}  // namespace
}  // namespace karez::identity
