#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "http.hpp"

namespace mj::api {

/// The built web client. Files are read when asked for, so that a new build shows without a restart.
class StaticFiles {
 public:
  explicit StaticFiles(std::filesystem::path directory) : directory_(std::move(directory)) {}

  /// The file of a path; `index.html` for a path that is no file, because the client draws its own addresses; a page that says
  /// how to build the client while there is none. Never anything outside the directory. Paths with a file's ending
  /// that does not exist are answered with 404.
  [[nodiscard]] Answer answer(const Request& request) const;
  /// The client itself, whatever the path.
  [[nodiscard]] Answer client(const Request& request) const;

 private:
  [[nodiscard]] Answer file(const std::filesystem::path& path, bool hashed, const Request& request) const;

  std::filesystem::path directory_;
};

/// MIME type by the ending of the name; empty for an ending the client does not use.
[[nodiscard]] std::string_view mime_type(std::string_view file_name);

}  // namespace mj::api
