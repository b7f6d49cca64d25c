#include <toml++/toml.h>

#include <set>

#include "mj/anchoring/anchors.hpp"
#include "mj/http/client.hpp"
#include "mj/storage/file.hpp"

namespace mj::anchoring {
namespace {

namespace fs = std::filesystem;
using evidence_format::KeyKind;
using evidence_format::VerifierKey;

constexpr std::int64_t kLeastInterval = 100;
constexpr std::int64_t kMostInterval = 86'400'000;

/// One table of evidence.toml being read; a key nobody asked for is an error, since a misspelled quorum would be none.
class Table {
 public:
  Table(const fs::path& file, const toml::table& table) : file_(file), table_(table) {}

  [[nodiscard]] const toml::node* find(std::string_view key) {
    asked_.insert(key);
    return table_.get(key);
  }
  Status milliseconds(std::string_view key, std::int64_t& value) {
    const toml::node* node = find(key);
    if (node == nullptr) return {};
    const auto found = node->value_exact<std::int64_t>();
    if (!found || *found < kLeastInterval || *found > kMostInterval) {
      return fault(*node, fmt::format("{} must be a whole number from {} to {} (milliseconds)", key,
                                      kLeastInterval, kMostInterval));
    }
    value = *found;
    return {};
  }
  /// A text that must be there and not be empty.
  Result<std::string> text(std::string_view key) {
    const toml::node* node = find(key);
    if (node == nullptr) return fault(table_, fmt::format("{} is missing", key));
    const auto found = node->value_exact<std::string>();
    if (!found || found->empty()) return fault(*node, fmt::format("{} must be a text in quotes", key));
    return *found;
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
  [[nodiscard]] Error fault_at(std::string_view key, std::string_view what) const {
    const toml::node* node = table_.get(key);
    return fault(node == nullptr ? static_cast<const toml::node&>(table_) : *node, what);
  }

 private:
  const fs::path& file_;
  const toml::table& table_;
  std::set<std::string_view> asked_;
};

Result<std::string> read_url(Table& table) {
  MJ_TRY(std::string url, table.text("url"));
  if (const auto client = http::Client::connect(url); !client) return table.fault_at("url", client.error().text());
  while (url.ends_with('/')) url.pop_back();
  return url;
}

Result<Options::WitnessAt> read_witness(Table table) {
  Options::WitnessAt witness;
  MJ_TRY(witness.url, read_url(table));
  MJ_TRY(const std::string text, table.text("key"));
  auto key = VerifierKey::parse(text);
  if (!key) return table.fault_at("key", key.error().text());
  if (key->kind != KeyKind::cosignature) {
    return table.fault_at("key", "this is no key of a witness; `mingjian witness key` prints it");
  }
  witness.key = *std::move(key);
  MJ_CHECK(table.nothing_left());
  return witness;
}

Status read_witnesses(const fs::path& file, Table& root, Options& options) {
  const toml::node* node = root.find("witness");
  if (node == nullptr) return {};
  const toml::array* list = node->as_array();
  if (list == nullptr || !list->is_array_of_tables())
    return root.fault(*node, "write each witness as [[witness]]");
  for (const toml::node& each : *list) {
    MJ_TRY(Options::WitnessAt witness, read_witness(Table(file, *each.as_table())));
    for (const Options::WitnessAt& other : options.witnesses) {
      // One department that signs twice is one witness.
      if (other.key.public_key == witness.key.public_key || other.key.name == witness.key.name) {
        return root.fault(each, fmt::format("the witness {} stands twice", witness.key.name));
      }
    }
    options.witnesses.push_back(std::move(witness));
  }
  return {};
}

Status read_quorum(Table& root, Options& options) {
  const toml::node* node = root.find("quorum");
  if (node == nullptr) {
    if (options.witnesses.empty()) return {};
    return root.fault_at("witness", "say how many of the witnesses must have signed: quorum = …");
  }
  const auto found = node->value_exact<std::int64_t>();
  if (!found || *found < 0 || static_cast<std::uint64_t>(*found) > options.witnesses.size()) {
    return root.fault(*node, fmt::format("quorum must be a whole number from 0 to {}, the number of witnesses",
                                         options.witnesses.size()));
  }
  options.quorum = static_cast<std::size_t>(*found);
  return {};
}

Status read_timestamp(const fs::path& file, Table& root, Options& options) {
  const toml::node* node = root.find("timestamp");
  if (node == nullptr) return {};
  if (!node->is_table()) return root.fault(*node, "timestamp must be a section [timestamp]");
  Table table(file, *node->as_table());
  MJ_TRY(options.timestamp_url, read_url(table));
  MJ_TRY(const std::string trusted, table.text("trusted"));
  MJ_CHECK(table.nothing_left());
  auto pem = storage::read_file(file.parent_path() / trusted);
  if (!pem) return table.fault_at("trusted", pem.error().text());
  if (pem->find("-----BEGIN CERTIFICATE-----") == std::string::npos) {
    return table.fault_at("trusted", fmt::format("{} holds no certificate in PEM form", trusted));
  }
  options.timestamp_trusted_pem = *std::move(pem);
  return {};
}

}  // namespace

Result<Options> Options::load(const fs::path& file) {
  MJ_TRY(const std::string text, storage::read_file(file));
  toml::table document;
  try {
    document = toml::parse(text, file.string());
  } catch (const toml::parse_error& error) {
    return Error(ErrorCode::invalid_input,
                 fmt::format("{}:{}: {}", file.string(), error.source().begin.line, error.description()));
  }
  Options options;
  Table root(file, document);
  MJ_CHECK(root.milliseconds("witness_interval_ms", options.witness_interval_ms));
  MJ_CHECK(root.milliseconds("anchor_interval_ms", options.anchor_interval_ms));
  MJ_CHECK(root.milliseconds("request_timeout_ms", options.request_timeout_ms));
  MJ_CHECK(read_witnesses(file, root, options));
  MJ_CHECK(read_quorum(root, options));
  MJ_CHECK(read_timestamp(file, root, options));
  MJ_CHECK(root.nothing_left());
  return options;
}

evidence_format::WitnessPolicy Options::policy() const {
  evidence_format::WitnessPolicy policy;
  for (const WitnessAt& witness : witnesses) policy.witnesses.push_back(witness.key);
  policy.quorum = quorum;
  return policy;
}

}  // namespace mj::anchoring
