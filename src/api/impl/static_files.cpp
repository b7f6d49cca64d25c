#include "static_files.hpp"

#include <system_error>

#include <fmt/format.h>

#include "mj/storage/file.hpp"

namespace mj::api {
namespace {

constexpr std::string_view kNotBuilt =
    "<!doctype html><html lang=\"zh-CN\"><meta charset=\"utf-8\"><title>Mingjian 明鉴</title>"
    "<h1>Mingjian 明鉴</h1>"
    "<p>服务已启动，网页尚未构建。 The server runs; its web client has not been built yet.</p>"
    "<pre>cd web &amp;&amp; npm ci &amp;&amp; npm run build</pre>"
    "<p><a href=\"/api/openapi.yaml\">/api/openapi.yaml</a></p></html>\n";

/// The path below the directory, or none when it could lead anywhere else.
std::optional<std::filesystem::path> safe_path(std::string_view target) {
  const auto decoded = percent_decode(target.substr(0, target.find('?')));
  if (!decoded || !decoded->starts_with('/')) return std::nullopt;
  std::filesystem::path path;
  for (std::string_view rest = *decoded; !rest.empty();) {
    rest.remove_prefix(1);
    const std::size_t slash = rest.find('/');
    const std::string_view segment = rest.substr(0, slash);
    rest = slash == std::string_view::npos ? std::string_view() : rest.substr(slash);
    if (segment == "." || segment == ".." || segment.find('\0') != std::string_view::npos ||
        segment.find('\\') != std::string_view::npos) {
      return std::nullopt;
    }
    if (!segment.empty()) path /= segment;
  }
  return path;
}

/// True when `file`, links resolved, lies in `directory`.
bool inside(const std::filesystem::path& directory, const std::filesystem::path& file) {
  std::error_code failed;
  const auto real_directory = std::filesystem::canonical(directory, failed);
  if (failed) return false;
  const auto real_file = std::filesystem::canonical(file, failed);
  if (failed) return false;
  const auto [end, at] =
      std::mismatch(real_directory.begin(), real_directory.end(), real_file.begin(), real_file.end());
  return end == real_directory.end();
}

}  // namespace

std::string_view mime_type(std::string_view file_name) {
  static constexpr std::pair<std::string_view, std::string_view> kTypes[] = {
      {".html", "text/html; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".mjs", "text/javascript; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".json", "application/json"},
      {".geojson", "application/geo+json"},
      {".map", "application/json"},
      {".svg", "image/svg+xml"},
      {".png", "image/png"},
      {".jpg", "image/jpeg"},
      {".webp", "image/webp"},
      {".ico", "image/vnd.microsoft.icon"},
      {".woff2", "font/woff2"},
      {".woff", "font/woff"},
      {".ttf", "font/ttf"},
      {".wasm", "application/wasm"},
      {".txt", "text/plain; charset=utf-8"},
      {".webmanifest", "application/manifest+json"},
      {".pbf", "application/x-protobuf"},
  };
  for (const auto& [ending, type] : kTypes) {
    if (file_name.ends_with(ending)) return type;
  }
  return {};
}

Answer StaticFiles::answer(const Request& request) const {
  const auto path = safe_path(request.target);
  if (!path) return error_answer(Error(ErrorCode::not_found, "there is no such page"));
  const std::filesystem::path full = directory_ / *path;
  std::error_code failed;
  if (!path->empty() && std::filesystem::is_regular_file(full, failed)) {
    if (!inside(directory_, full)) return error_answer(Error(ErrorCode::not_found, "there is no such page"));
    return file(full, path->begin()->string() == "assets", request);
  }
  if (!mime_type(path->filename().string()).empty()) {
    return error_answer(Error(ErrorCode::not_found, fmt::format("there is no file /{}", path->generic_string())));
  }
  return client(request);
}

Answer StaticFiles::client(const Request& request) const {
  std::error_code failed;
  const std::filesystem::path index = directory_ / "index.html";
  if (std::filesystem::is_regular_file(index, failed)) return file(index, false, request);
  Answer answer;
  answer.content_type = "text/html; charset=utf-8";
  answer.body = kNotBuilt;
  answer.headers.push_back({"Cache-Control", "no-store"});
  return answer;
}

Answer StaticFiles::file(const std::filesystem::path& path, bool hashed, const Request& request) const {
  std::error_code failed;
  const auto changed = std::filesystem::last_write_time(path, failed);
  const auto size = std::filesystem::file_size(path, failed);
  if (failed)
    return error_answer(
        Error(ErrorCode::unavailable, fmt::format("{}: {}", path.filename().string(), failed.message())));
  Answer answer;
  const std::string_view type = mime_type(path.filename().string());
  answer.content_type = type.empty() ? "application/octet-stream" : type;
  const std::string tag = fmt::format("W/\"{:x}-{:x}\"", size, changed.time_since_epoch().count());
  answer.headers.push_back({"ETag", tag});
  // The names under assets/ carry a hash of the content; everything else is asked for again by its tag.
  answer.headers.push_back({"Cache-Control", hashed ? "public, max-age=31536000, immutable" : "no-cache"});
  if (request.if_none_match == tag) {
    answer.status = 304;
    return answer;
  }
  auto content = storage::read_file(path);
  if (!content) return error_answer(content.error());
  answer.body = *std::move(content);
  return answer;
}

}  // namespace mj::api
