#include "libs/rpc/page.h"

#include <gtest/gtest.h>

#include "libs/testing/result_matchers.h"

namespace karez::rpc {
namespace {

TEST(PageTest, ATokenCarriesTheKeyOfTheLastRow) {
  const auto token = NextToken("open", {"2026-05", "17"});
  const auto page = ReadPage(0, token, "open", 2);
  ASSERT_THAT(page, testing::Succeeds());
  EXPECT_EQ(page->size, 50);
  EXPECT_THAT(page->after, ::testing::ElementsAre("2026-05", "17"));
}

TEST(PageTest, ATokenOfAnotherListIsRefused) {
  EXPECT_THAT(ReadPage(0, NextToken("open", {"1"}), "all", 1), testing::RefusesField("page_token"));
  EXPECT_THAT(ReadPage(0, NextToken("open", {"1"}), "open", 2),
              testing::RefusesField("page_token"));
  EXPECT_THAT(ReadPage(0, "%%%", "open", 1), testing::RefusesField("page_token"));
}

TEST(PageTest, SizesAreKeptWithinBounds) {
  EXPECT_EQ(ReadPage(100'000, "", "", 1)->size, 1000);
  EXPECT_THAT(ReadPage(-1, "", "", 1), testing::RefusesField("page_size"));
}

}  // namespace
}  // namespace karez::rpc
