#include "libs/base/uuid.h"

#include <set>
#include <thread>
#include <unordered_set>
#include <vector>

#include <gtest/gtest.h>

namespace karez {
namespace {

Uuid Parsed(std::string_view text) { return Uuid::Parse(text).value(); }

TEST(UuidTest, Version7CarriesItsVersionAndVariant) {
  for (int i = 0; i < 1000; ++i) {
    const Uuid id = Uuid::V7();
    EXPECT_EQ(id.bytes()[6] >> 4, 7);
    EXPECT_EQ(id.bytes()[8] >> 6, 2);
  }
}

TEST(UuidTest, Version7IncreasesWithinAThread) {
  Uuid last = Uuid::V7();
  for (int i = 0; i < 100'000; ++i) {
    const Uuid next = Uuid::V7();
    ASSERT_LT(last, next) << i;
    last = next;
  }
}

TEST(UuidTest, Version7NeverRepeatsAcrossThreads) {
  constexpr int kEach = 20'000;
  std::vector<std::vector<Uuid>> made(4);
  std::vector<std::thread> threads;
  for (auto& mine : made) {
    threads.emplace_back([&mine] {
      for (int i = 0; i < kEach; ++i) mine.push_back(Uuid::V7());
    });
  }
  for (auto& thread : threads) thread.join();
  std::unordered_set<Uuid> all;
  for (const auto& mine : made) all.insert(mine.begin(), mine.end());
  EXPECT_EQ(all.size(), 4U * kEach);
}

TEST(UuidTest, Version5MatchesPublishedVectors) {
  const Uuid dns = Parsed("6ba7b810-9dad-11d1-80b4-00c04fd430c8");
  const Uuid url = Parsed("6ba7b811-9dad-11d1-80b4-00c04fd430c8");
  // RFC 9562, appendix A.4; and Python's uuid5.
  EXPECT_EQ(Uuid::V5(dns, "www.example.com").str(), "2ed6657d-e927-568b-95e1-2665a8aea6a2");
  EXPECT_EQ(Uuid::V5(dns, "python.org").str(), "886313e1-3b8a-5372-9b90-0c9aee199e5d");
  EXPECT_EQ(Uuid::V5(url, "http://example.com/").str(), "0a300ee9-f9e4-5697-a51a-efc7fafaba67");
}

TEST(UuidTest, ReadsBothCasesAndWritesLowerCase) {
  EXPECT_EQ(Parsed("0190A1B2-C3D4-7E5F-8A9B-0C1D2E3F4A5B").str(),
            "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b");
}

TEST(UuidTest, RefusesEveryOtherForm) {
  for (const char* text :
       {"", "0190a1b2c3d47e5f8a9b0c1d2e3f4a5b", "{0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b}",
        "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5", "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5bb",
        "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5g", "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a b",
        "0190a1b2--3d4-7e5f-8a9b-0c1d2e3f4a5b", "0190a1b2c-3d4-7e5f-8a9b-0c1d2e3f4a5b"}) {
    const auto result = Uuid::Parse(text);
    ASSERT_FALSE(result) << text;
    EXPECT_EQ(result.error().reason, "UUID_INVALID");
  }
}

TEST(IdTest, StrongTypesKeepTheValue) {
  using BillId = Id<struct BillTag>;
  const BillId id = BillId::New();
  EXPECT_EQ(BillId::Parse(id.str()), id);
  EXPECT_TRUE(BillId().is_nil());
  EXPECT_FALSE(id.is_nil());
}

}  // namespace
}  // namespace karez
