#include <gtest/gtest.h>

#include "libs/pg/connection.h"
#include "libs/testing/database.h"
#include "libs/testing/result_matchers.h"

namespace karez::pg {
namespace {

using ::testing::ElementsAre;

// Any schema will do: the common tables are what is tested.
const std::vector<Migration> kNone;

class TxTest : public ::testing::Test {
 protected:
  TxTest() : database_("billing", kNone) {
    database_.AddTenant(2, "two");
    database_.AddTenant(3, "three");
  }

  std::vector<std::string> BranchesSeenBy(std::optional<TenantId> tenant) {
    static constexpr Query kAll{"test.all_branches", "SELECT code FROM branch ORDER BY code"};
    std::vector<std::string> out;
    database_.pool().RunTransaction({.tenant = tenant}, [&](Tx& tx) {
      out.clear();
      for (const auto& row : tx.Exec(kAll)) out.push_back(row.Get<std::string>("code"));
      return false;
    });
    return out;
  }

  void AddBranch(TenantId as, TenantId owner, const std::string& code) {
    static constexpr Query kAdd{"test.add_branch", R"sql(
      INSERT INTO branch (tenant_id, id, code, name, version) VALUES ($1, $2, $3, $3, 1))sql"};
    database_.pool().RunTransaction({.tenant = as}, [&](Tx& tx) {
      tx.Exec(kAdd, owner, Uuid::V7(), code);
      return true;
    });
  }

  testing::Database database_;
};

TEST_F(TxTest, SeesOnlyTheRowsOfItsTenantThoughTheStatementNamesNone) {
  AddBranch(2, 2, "north");
  AddBranch(3, 3, "south");
  EXPECT_THAT(BranchesSeenBy(2), ElementsAre("north"));
  EXPECT_THAT(BranchesSeenBy(3), ElementsAre("south"));
}

TEST_F(TxTest, SeesNothingWithoutATenantAlsoAfterOneOnTheSameConnection) {
  AddBranch(2, 2, "north");
  EXPECT_THAT(BranchesSeenBy(2), ElementsAre("north"));
  EXPECT_THAT(BranchesSeenBy(std::nullopt), ElementsAre());
}

TEST_F(TxTest, CannotWriteRowsOfAnotherTenant) {
  try {
    AddBranch(2, 3, "stray");
    FAIL() << "was written";
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.sqlstate(), "42501");
  }
}

TEST_F(TxTest, RollsBackWhatWasRefused) {
  const auto result = database_.pool().Transact({.tenant = 2}, [&](Tx& tx) -> Result<void> {
    static constexpr Query kAdd{"test.add", R"sql(
      INSERT INTO branch (tenant_id, id, code, name, version) VALUES ($1, $2, 'x', 'x', 1))sql"};
    tx.Exec(kAdd, 2, Uuid::V7());
    return Fail(Code::kFailedPrecondition, "NO", "No.");
  });
  EXPECT_THAT(result, testing::FailsWith(Code::kFailedPrecondition, "NO"));
  EXPECT_THAT(BranchesSeenBy(2), ElementsAre());
}

TEST_F(TxTest, GoesOnAfterASavepointThatWasUndone) {
  AddBranch(2, 2, "north");
  database_.pool().RunTransaction({.tenant = 2}, [&](Tx& tx) {
    tx.Savepoint([&] {
      tx.Command("DELETE FROM branch");
      return false;
    });
    EXPECT_THROW(tx.Savepoint([&] {
      tx.Command("SELECT 1/0");
      return true;
    }),
                 Failure);
    return true;
  });
  EXPECT_THAT(BranchesSeenBy(2), ElementsAre("north"));
}

TEST_F(TxTest, RetriesTheWholeTransactionAfterADeadlock) {
  int attempts = 0;
  database_.pool().RunTransaction({.tenant = 2}, [&](Tx& tx) {
    if (++attempts == 1) {
      tx.Command("DO $$ BEGIN RAISE EXCEPTION 'planned' USING ERRCODE = '40P01'; END $$");
    }
    return true;
  });
  EXPECT_EQ(attempts, 2);
}

TEST_F(TxTest, CarriesEveryKindOfValueThereAndBack) {
  static constexpr Query kEcho{"test.echo", R"sql(
    SELECT $1::bigint AS i, $2::text AS t, $3::uuid AS u, $4::timestamptz AS at, $5::date AS d,
           $6::bytea AS b, $7::boolean AS f, $8::text AS n, $9::text[] AS texts, $10::bigint[] AS ints,
           $11::uuid[] AS ids)sql"};
  const Uuid id = Uuid::V7();
  const auto at = *ParseInstant("2026-05-01T08:00:00.000123+08:00");
  const auto day = *ParseDate("2024-02-29");
  const std::string odd = "comma, \"quote\" \\ {brace} 水";
  database_.pool().RunTransaction({.tenant = 2}, [&](Tx& tx) {
    const auto rows =
        tx.Exec(kEcho, std::int64_t{-5}, odd, id, at, day, Bytes{std::string("\0\xff", 2)}, true,
                std::optional<std::string>(), std::vector<std::string>{odd, ""},
                std::vector<std::int64_t>{1, -2}, std::vector<Uuid>{id});
    const auto row = rows.One();
    EXPECT_EQ(row.Get<std::int64_t>("i"), -5);
    EXPECT_EQ(row.Get<std::string>("t"), odd);
    EXPECT_EQ(row.Get<Uuid>("u"), id);
    EXPECT_EQ(row.Get<Instant>("at"), at);
    EXPECT_EQ(row.Get<LocalDate>("d"), day);
    EXPECT_EQ(row.GetBytes("b"), std::string("\0\xff", 2));
    EXPECT_TRUE(row.Get<bool>("f"));
    EXPECT_TRUE(row["n"].is_null());
    EXPECT_EQ(row.Get<std::optional<std::string>>("n"), std::nullopt);
    EXPECT_THAT(row.Get<std::vector<std::string>>("texts"), ElementsAre(odd, ""));
    EXPECT_THAT(row.Get<std::vector<std::int64_t>>("ints"), ElementsAre(1, -2));
    EXPECT_THAT(row.Get<std::vector<Uuid>>("ids"), ElementsAre(id));
    EXPECT_THROW(row.Get<std::string>("nothing"), std::logic_error);
    return false;
  });
}

TEST_F(TxTest, TellsUniqueViolationsApartWithTheirConstraint) {
  AddBranch(2, 2, "north");
  try {
    AddBranch(2, 2, "north");
    FAIL() << "was written";
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.kind(), FailureKind::kUniqueViolation);
    EXPECT_EQ(failure.constraint(), "branch_tenant_id_code_key");
  }
}

TEST_F(TxTest, EndsAStatementThatOutlivesItsCaller) {
  try {
    database_.pool().RunTransaction(
        {.tenant = 2, .statement_timeout = std::chrono::milliseconds(50)}, [](Tx& tx) {
          tx.Command("SELECT pg_sleep(10)");
          return true;
        });
    FAIL() << "was not ended";
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.kind(), FailureKind::kTimeout);
  }
}

TEST_F(TxTest, GivesBackAConnectionThatTheServerHasEndedAndTakesAFreshOne) {
  static constexpr Query kPid{"test.pid", "SELECT pg_backend_pid() AS pid"};
  std::string pid;
  database_.pool().RunTransaction({}, [&](Tx& tx) {
    pid = tx.Exec(kPid).One().Get<std::string>("pid");
    return false;
  });
  database_.Sql("SELECT pg_terminate_backend(" + pid + ")");
  EXPECT_THAT(BranchesSeenBy(2), ElementsAre());
}

}  // namespace
}  // namespace karez::pg
