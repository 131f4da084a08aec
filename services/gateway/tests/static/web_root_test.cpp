#include "services/gateway/static/web_root.h"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "libs/base/uuid.h"

namespace karez::gateway::web {
namespace {

using ::testing::HasSubstr;

class WebRootTest : public ::testing::Test {
 protected:
  WebRootTest() : directory_(std::filesystem::temp_directory_path() / Uuid::V7().str()) {
    std::filesystem::create_directories(directory_ / "assets");
    std::ofstream(directory_ / "index.html") << "<html>console</html>";
    std::ofstream(directory_ / "assets" / "app-1234.js") << std::string(5000, 'x');
  }
  ~WebRootTest() override { std::filesystem::remove_all(directory_); }

  http::Response Get(const std::string& path, const std::string& header = "",
                     const std::string& value = "") {
    http::Request request;
    request.method = "GET";
    request.path = path;
    if (!header.empty()) request.headers.emplace_back(header, value);
    return WebRoot::Load(directory_.string()).value()->Serve(request, "trace");
  }
  static std::string Header(const http::Response& response, const std::string& name) {
    for (const auto& [key, value] : response.headers) {
      if (key == name) return value;
    }
    return {};
  }
  std::filesystem::path directory_;
};

TEST_F(WebRootTest, ServesPagesOfTheConsoleWithItsIndex) {
  for (const char* path : {"/", "/index.html", "/accounts/7", "/bills"}) {
    const auto response = Get(path);
    EXPECT_EQ(response.content(), "<html>console</html>") << path;
    EXPECT_EQ(Header(response, "Cache-Control"), "no-cache");
    EXPECT_THAT(Header(response, "Content-Security-Policy"), HasSubstr("frame-ancestors 'none'"));
  }
}

TEST_F(WebRootTest, DoesNotServeTheIndexForAMissingFile) {
  EXPECT_EQ(Get("/assets/gone-1.js").status, 404);
  EXPECT_EQ(Get("/favicon.ico").status, 404);
}

TEST_F(WebRootTest, LetsNobodyClimbOut) {
  for (const char* path : {"/../world.h", "/assets/../../etc/passwd.x", "/%2e%2e/a.b", "/%00.js"}) {
    EXPECT_EQ(Get(path).status, 404) << path;
  }
}

TEST_F(WebRootTest, KeepsHashedFilesForEverAndCompressesThem) {
  const auto plain = Get("/assets/app-1234.js");
  EXPECT_EQ(plain.content().size(), 5000U);
  EXPECT_THAT(Header(plain, "Cache-Control"), HasSubstr("immutable"));
  const auto small = Get("/assets/app-1234.js", "accept-encoding", "br, gzip");
  EXPECT_EQ(Header(small, "Content-Encoding"), "gzip");
  EXPECT_LT(small.content().size(), 100U);
  EXPECT_EQ(Header(Get("/assets/app-1234.js", "accept-encoding", "gzip;q=0"), "Content-Encoding"),
            "");
}

TEST_F(WebRootTest, SendsNothingTwice) {
  const std::string etag = Header(Get("/"), "ETag");
  const auto again = Get("/", "if-none-match", "W/\"x\", " + etag);
  EXPECT_EQ(again.status, 304);
  EXPECT_EQ(again.content(), "");
}

TEST_F(WebRootTest, RefusesADirectoryWithoutAConsole) {
  std::filesystem::remove(directory_ / "index.html");
  EXPECT_FALSE(WebRoot::Load(directory_.string()));
}

}  // namespace
}  // namespace karez::gateway::web
