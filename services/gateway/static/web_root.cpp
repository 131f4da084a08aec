#include "services/gateway/static/web_root.h"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <zlib.h>

#include "libs/auth/secrets.h"
#include "libs/base/bytes.h"
#include "services/gateway/http/problem.h"
#include "services/gateway/transcode/path_template.h"

namespace karez::gateway::web {
namespace {

constexpr std::size_t kBytesMax = 64 * 1024 * 1024;
constexpr std::size_t kGzipBytesMin = 1024;

std::string TypeOf(const std::string& path) {
  static const std::map<std::string, std::string> kTypes = {
      {".html", "text/html; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".mjs", "text/javascript; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".json", "application/json"},
      {".webmanifest", "application/manifest+json"},
      {".map", "application/json"},
      {".svg", "image/svg+xml"},
      {".png", "image/png"},
      {".jpg", "image/jpeg"},
      {".ico", "image/x-icon"},
      {".webp", "image/webp"},
      {".woff2", "font/woff2"},
      {".woff", "font/woff"},
      {".ttf", "font/ttf"},
      {".wasm", "application/wasm"},
      {".txt", "text/plain; charset=utf-8"},
  };
  const auto found = kTypes.find(std::filesystem::path(path).extension().string());
  return found == kTypes.end() ? "application/octet-stream" : found->second;
}

bool IsCompressible(const std::string& type) {
  return type.starts_with("text/") || type.find("json") != std::string::npos ||
         type == "image/svg+xml" || type == "application/wasm" || type == "font/ttf";
}

Result<std::string> ReadWhole(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream content;
  content << file.rdbuf();
  if (!file) {
    return Fail(Code::kNotFound, "FILE_UNREADABLE", "Cannot read " + path.string() + ".");
  }
  return std::move(content).str();
}

}  // namespace

std::string Gzip(std::string_view content) {
  z_stream stream{};
  constexpr int kGzipWindow = 15 + 16;
  deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, kGzipWindow, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, content.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data()));
  stream.avail_in = static_cast<uInt>(content.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

bool EtagMatches(std::string_view if_none_match, std::string_view etag) {
  return if_none_match == "*" || if_none_match.find(etag) != std::string_view::npos;
}

bool AcceptsGzip(std::string_view accept_encoding) {
  const std::size_t at = accept_encoding.find("gzip");
  if (at == std::string_view::npos) return false;
  return !accept_encoding.substr(at + 4).starts_with(";q=0,") &&
         accept_encoding.substr(at + 4) != ";q=0";
}

void AddSecurityHeaders(http::Response& response) {
  response.headers.emplace_back(
      "Content-Security-Policy",
      "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' "
      "data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
      "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'");
  response.headers.emplace_back("X-Content-Type-Options", "nosniff");
  response.headers.emplace_back("X-Frame-Options", "DENY");
  response.headers.emplace_back("Referrer-Policy", "no-referrer");
  response.headers.emplace_back("Cross-Origin-Opener-Policy", "same-origin");
  response.headers.emplace_back("Cross-Origin-Resource-Policy", "same-origin");
  response.headers.emplace_back("Permissions-Policy", "camera=(self), geolocation=(self)");
}

WebRoot::File WebRoot::MakeFile(const std::string& path, std::string content) {
  File file;
  file.type = TypeOf(path);
  file.etag = "\"" + ToBase64Url(karez::auth::Sha256(content).substr(0, 18)) + "\"";
  file.immutable = path.starts_with("/assets/");
  if (IsCompressible(file.type) && content.size() >= kGzipBytesMin) {
    file.gzip = std::make_shared<const std::string>(Gzip(content));
  }
  file.content = std::make_shared<const std::string>(std::move(content));
  return file;
}

Result<std::unique_ptr<const WebRoot>> WebRoot::Load(const std::string& directory) {
  namespace fs = std::filesystem;
  auto root = std::make_unique<WebRoot>();
  std::size_t bytes = 0;
  std::error_code error;
  for (const auto& entry : fs::recursive_directory_iterator(directory, error)) {
    if (!entry.is_regular_file(error)) continue;
    ASSIGN_OR_RETURN(std::string content, ReadWhole(entry.path()));
    bytes += content.size();
    if (bytes > kBytesMax) {
      return Fail(Code::kOutOfRange, "WEB_ROOT_TOO_LARGE",
                  directory + " holds more than 64 MiB: is it the built console?");
    }
    const std::string path = "/" + fs::relative(entry.path(), directory).generic_string();
    root->files_.emplace(path, MakeFile(path, std::move(content)));
  }
  if (!root->files_.contains("/index.html")) {
    return Fail(Code::kNotFound, "WEB_ROOT_EMPTY", "There is no index.html in " + directory + ".");
  }
  return root;
}

http::Response WebRoot::Serve(const http::Request& request, std::string_view trace_id) const {
  std::string path;
  if (!transcode::PercentDecode(request.path, false, false, path)) path.clear();
  auto found = files_.find(path);
  const bool page = path.find('.', path.rfind('/') + 1) == std::string::npos;
  if (found == files_.end() && page) found = files_.find("/index.html");
  if (found == files_.end()) {
    return http::ProblemResponse(
        {Code::kNotFound, "NO_SUCH_FILE", "There is no such file.", {}, {}}, trace_id);
  }
  const File& file = found->second;
  http::Response response;
  response.headers = {
      {"Content-Type", file.type},
      {"ETag", file.etag},
      {"Vary", "Accept-Encoding"},
      {"Cache-Control", file.immutable ? "public, max-age=31536000, immutable" : "no-cache"}};
  AddSecurityHeaders(response);
  if (EtagMatches(request.Header("if-none-match"), file.etag)) {
    response.status = 304;
    return response;
  }
  if (file.gzip && AcceptsGzip(request.Header("accept-encoding"))) {
    response.headers.emplace_back("Content-Encoding", "gzip");
    response.shared_body = file.gzip;
  } else {
    response.shared_body = file.content;
  }
  return response;
}

}  // namespace karez::gateway::web
