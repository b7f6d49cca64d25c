#include <toml++/toml.h>

#include <limits>
#include <set>

#include "allow_list.hpp"
#include "mj/gateway/server.hpp"

namespace mj::gateway {
namespace {

namespace fs = std::filesystem;

/// One table of gateway.toml being read; a key nobody asked for is an error, since a misspelled limit would be none.
class Section {
 public:
  Section(const fs::path& file, const toml::table& table) : file_(file), table_(table) {}

  [[nodiscard]] const toml::node* find(std::string_view key) {
    asked_.insert(key);
    return table_.get(key);
  }

  /// A whole number from `least` to the largest of its type; `value` stays when the key is absent.
  template <typename T>
  Status number(std::string_view key, T& value, std::int64_t least) {
    const toml::node* node = find(key);
    if (node == nullptr) return {};
    const auto found = node->value_exact<std::int64_t>();
    constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<T>::max());
    if (!found || *found < least || static_cast<std::uint64_t>(*found) > kMost)
      return fault(*node, fmt::format("{} must be a whole number from {} to {}", key, least, kMost));
    value = static_cast<T>(*found);
    return {};
  }

  Status rate(std::string_view key, double& value) {
    const toml::node* node = find(key);
    if (node == nullptr) return {};
    const auto found = node->value<double>();
    // Written so that "not a number" fails as well.
    if (!found || !(*found >= 0)) return fault(*node, fmt::format("{} must be a number, 0 for no limit", key));
    value = *found;
    return {};
  }

  Status text(std::string_view key, std::string& value) {
    const toml::node* node = find(key);
    if (node == nullptr) return {};
    const auto found = node->value_exact<std::string>();
    if (!found || found->empty()) return fault(*node, fmt::format("{} must be a text in quotes", key));
    value = *found;
    return {};
  }

  /// A file, beside gateway.toml unless its path is absolute.
  Status path(std::string_view key, fs::path& value) {
    std::string word;
    MJ_CHECK(text(key, word));
    if (!word.empty()) value = file_.parent_path() / word;
    return {};
  }

  Status texts(std::string_view key, std::vector<std::string>& values) {
    const toml::node* node = find(key);
    if (node == nullptr) return {};
    const toml::array* words = node->as_array();
    if (words == nullptr) return fault(*node, fmt::format("{} must be a list of texts", key));
    for (const toml::node& word : *words) {
      const auto found = word.value_exact<std::string>();
      if (!found) return fault(word, fmt::format("{} must be a list of texts", key));
      values.push_back(*found);
    }
    return {};
  }

  /// Null when there is none.
  Result<const toml::table*> section(std::string_view key) {
    const toml::node* node = find(key);
    if (node == nullptr) return static_cast<const toml::table*>(nullptr);
    if (!node->is_table()) return fault(*node, fmt::format("{} must be a section [{}]", key, key));
    return node->as_table();
  }

  [[nodiscard]] Status nothing_left() const {
    for (const auto& [key, node] : table_) {
      if (!asked_.contains(key.str())) return fault(node, fmt::format("unknown key \"{}\"", key.str()));
    }
    return {};
  }

  [[nodiscard]] Error fault(const toml::node& where, std::string_view what) const {
    return Error(ErrorCode::invalid_input,
                 fmt::format("{}:{}: {}", file_.string(), where.source().begin.line, what));
  }

 private:
  const fs::path& file_;
  const toml::table& table_;
  std::set<std::string_view> asked_;
};

Status read_limits(Section keys, ServerOptions& options) {
  MJ_CHECK(keys.number("connections", options.max_connections, 1));
  MJ_CHECK(keys.number("connections_per_ip", options.max_connections_per_ip, 0));
  MJ_CHECK(keys.number("connections_per_mn", options.max_connections_per_mn, 0));
  MJ_CHECK(keys.rate("frames_per_s_per_mn", options.max_frames_per_s_per_mn));
  MJ_CHECK(keys.number("conversations", options.max_conversations, 1));
  MJ_CHECK(keys.number("segment_bytes", options.max_segment, 1024));
  MJ_CHECK(keys.number("unanswered_bytes", options.max_unanswered_bytes, 1));
  MJ_CHECK(keys.number("junk_bytes", options.max_junk_bytes, 1));
  return keys.nothing_left();
}

Status read_timeouts(Section keys, ServerOptions& options) {
  MJ_CHECK(keys.number("incomplete_ms", options.incomplete_timeout_ms, 1));
  MJ_CHECK(keys.number("tail_ms", options.tail_wait_ms, 1));
  MJ_CHECK(keys.number("idle_ms", options.idle_timeout_ms, 1));
  return keys.nothing_left();
}

Status read_tls(Section keys, const toml::table& table, ServerOptions& options) {
  TlsOptions tls;
  MJ_CHECK(keys.number("port", tls.port, 0));
  MJ_CHECK(keys.path("certificate", tls.certificate));
  MJ_CHECK(keys.path("key", tls.key));
  MJ_CHECK(keys.path("client_ca", tls.client_ca));
  MJ_CHECK(keys.nothing_left());
  if (tls.certificate.empty() || tls.key.empty()) return keys.fault(table, "[tls] needs a certificate and a key");
  options.tls = std::move(tls);
  return {};
}

}  // namespace

Result<ServerOptions> ServerOptions::load(const fs::path& file) {
  std::error_code failure;
  if (!fs::exists(file, failure))
    return Error(ErrorCode::not_found, fmt::format("{} does not exist", file.string()));
  toml::table root;
  try {
    root = toml::parse_file(file.string());
  } catch (const toml::parse_error& error) {
    return Error(ErrorCode::invalid_input,
                 fmt::format("{}:{}: {}", file.string(), error.source().begin.line, error.description()));
  }
  ServerOptions options;
  Section keys(file, root);
  MJ_CHECK(keys.text("address", options.address));
  MJ_CHECK(keys.number("port", options.port, 0));
  MJ_CHECK(keys.texts("allow", options.allow));
  if (const auto allowed = AllowList::parse(options.allow); !allowed)
    return keys.fault(*root.get("allow"), "allow: " + allowed.error().text());
  MJ_TRY(const toml::table* limits, keys.section("limits"));
  if (limits != nullptr) MJ_CHECK(read_limits(Section(file, *limits), options));
  MJ_TRY(const toml::table* timeouts, keys.section("timeouts"));
  if (timeouts != nullptr) MJ_CHECK(read_timeouts(Section(file, *timeouts), options));
  MJ_TRY(const toml::table* tls, keys.section("tls"));
  if (tls != nullptr) MJ_CHECK(read_tls(Section(file, *tls), *tls, options));
  MJ_CHECK(keys.nothing_left());
  return options;
}

}  // namespace mj::gateway
