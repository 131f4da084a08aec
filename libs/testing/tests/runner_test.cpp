#include "libs/jobs/runner.h"

#include <atomic>

#include <google/protobuf/empty.pb.h>
#include <gtest/gtest.h>

#include "libs/testing/database.h"
#include "libs/testing/eventually.h"
#include "libs/testing/result_matchers.h"

namespace karez::jobs {
namespace {

class RunnerTest : public ::testing::Test {
 protected:
  RunnerTest() : database_("billing", {}), tenants_(database_.pool()) {
    database_.AddTenant(2, "two");
  }

  OperationId Ask(std::int64_t total) {
    OperationId id;
    const auto context = testing::StaffContext(2, clock_);
    database_.pool().RunTransaction({.tenant = 2}, [&](pg::Tx& tx) {
      id = Begin(tx, context, "test.count", google::protobuf::Empty(), total).id;
      return true;
    });
    return id;
  }
  Operation Look(OperationId id) {
    Operation operation;
    const auto context = testing::StaffContext(2, clock_);
    database_.pool().RunTransaction({.tenant = 2}, [&](pg::Tx& tx) {
      operation = *Get(tx, context, id);
      return false;
    });
    return operation;
  }
  std::unique_ptr<Runner> Start(Runner::Step step) {
    auto runner = Runner::Create("billing", database_.pool(), tenants_, clock_);
    runner->On("test.count", std::move(step));
    runner->Start();
    return runner;
  }

  testing::Database database_;
  SystemClock clock_;
  pg::TenantDirectory tenants_;
};

Result<Progress> CountOne(pg::Tx&, const Context&, Operation& operation) {
  return ++operation.done == operation.total ? Progress::kDone : Progress::kMore;
}

TEST_F(RunnerTest, RunsStepByStepToTheEnd) {
  const auto runner = Start(CountOne);
  const auto id = Ask(5);
  ASSERT_TRUE(testing::Eventually([&] { return Look(id).state == State::kSucceeded; }));
  EXPECT_EQ(Look(id).done, 5);
}

TEST_F(RunnerTest, AnotherRunnerGoesOnWhereTheFirstWasStopped) {
  std::atomic<int> steps = 0;
  const auto id = Ask(100);
  {
    const auto first = Start([&](pg::Tx& tx, const Context& context, Operation& operation) {
      ++steps;
      return CountOne(tx, context, operation);
    });
    ASSERT_TRUE(testing::Eventually([&] { return steps > 3; }));
  }
  const auto reached = Look(id).done;
  EXPECT_GE(reached, 3);
  const auto second = Start(CountOne);
  ASSERT_TRUE(testing::Eventually([&] { return Look(id).state == State::kSucceeded; }));
  EXPECT_EQ(Look(id).done, 100);
}

TEST_F(RunnerTest, ARefusalFailsTheOperationAndUndoesTheStep) {
  const auto runner = Start([](pg::Tx& tx, const Context&, Operation&) -> Result<Progress> {
    tx.Command("DELETE FROM tenant");
    return Fail(Code::kFailedPrecondition, "NOT_SETTLED", "Settle first.");
  });
  const auto id = Ask(1);
  ASSERT_TRUE(testing::Eventually([&] { return Look(id).state == State::kFailed; }));
  EXPECT_EQ(Look(id).error, "NOT_SETTLED: Settle first.");
  EXPECT_EQ(database_.Value("SELECT count(*) FROM tenant"), "1");
}

TEST_F(RunnerTest, AnExceptionLeavesTheStepForTheNextTry) {
  std::atomic<int> tries = 0;
  const auto runner =
      Start([&](pg::Tx& tx, const Context& context, Operation& operation) -> Result<Progress> {
        if (++tries < 3) throw std::runtime_error("not now");
        return CountOne(tx, context, operation);
      });
  const auto id = Ask(1);
  EXPECT_TRUE(testing::Eventually([&] { return Look(id).state == State::kSucceeded; }));
}

TEST_F(RunnerTest, AWaitingOperationGoesOnWhenItIsResumed) {
  std::atomic<bool> decided = false;
  const auto runner = Start([&](pg::Tx&, const Context&, Operation&) -> Result<Progress> {
    return decided ? Progress::kDone : Progress::kWait;
  });
  const auto id = Ask(1);
  ASSERT_TRUE(testing::Eventually([&] { return Look(id).state == State::kWaiting; }));
  decided = true;
  const auto context = testing::StaffContext(2, clock_);
  database_.pool().RunTransaction({.tenant = 2}, [&](pg::Tx& tx) {
    EXPECT_THAT(Resume(tx, context, id), testing::Succeeds());
    return true;
  });
  EXPECT_TRUE(testing::Eventually([&] { return Look(id).state == State::kSucceeded; }));
}

TEST_F(RunnerTest, AnotherTenantDoesNotSeeTheOperation) {
  const auto id = Ask(1);
  const auto context = testing::StaffContext(3, clock_);
  database_.pool().RunTransaction({.tenant = 3}, [&](pg::Tx& tx) {
    EXPECT_THAT(Get(tx, context, id), testing::FailsWith(Code::kNotFound, "OPERATION_NOT_FOUND"));
    return false;
  });
}

}  // namespace
}  // namespace karez::jobs
