#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "mj/http/client.hpp"
#include "mj/kernel/result.hpp"

namespace mj::app {

using Json = nlohmann::ordered_json;

/// Speaks to the HTTP API of a running server (api/openapi/mingjian.yaml). Thread: one.
class ApiClient {
 public:
  /// `url`: where the server is, "http://127.0.0.1:8080". Errors: invalid_input for another form.
  [[nodiscard]] static Result<ApiClient> connect(std::string url);

  /// Errors: unavailable when the server cannot be reached; what the server answers, in its words.
  [[nodiscard]] Result<std::string> get_text(const std::string& path) const;
  /// The same, of an answer that is JSON.
  [[nodiscard]] Result<Json> get(const std::string& path) const;
  [[nodiscard]] Result<Json> post(const std::string& path, const Json& body) const;
  /// Sends a file as it is; the answer is JSON.
  [[nodiscard]] Result<Json> post_file(const std::string& path, std::string_view bytes) const;

  /// A text as a segment or value of a path.
  [[nodiscard]] static std::string escape(std::string_view text) { return http::Client::escape(text); }

 private:
  explicit ApiClient(http::Client client) : client_(std::move(client)) {}
  http::Client client_;
};

}  // namespace mj::app
