#include "document.hpp"

#include <limits>

#include "members.hpp"
#include "mj/evidence_format/entry.hpp"
#include "step_form.hpp"
#include "strict_json.hpp"

namespace mj::bundle {
namespace {

using nlohmann::json;

constexpr std::string_view kFormat = "mingjian-evidence-bundle";
constexpr unsigned kMaxLevel = 63;
constexpr std::uint64_t kAnyInteger = std::numeric_limits<std::uint64_t>::max();

/// A time in the one spelling of §1.
Result<Instant> read_time(const Members& members, std::string_view member) {
  MJ_TRY(const std::string text, members.text(member));
  const auto at = parse_iso(text);
  if (!at || to_iso(*at) != text)
    return members.refuse(fmt::format("\"{}\" must be a time YYYY-MM-DDThh:mm:ss+08:00", member));
  return *at;
}

Result<std::string> short_text(const Members& members, std::string_view member) {
  MJ_TRY(std::string text, members.text(member));
  if (text.size() > kMaxTextBytes) return members.refuse(fmt::format("\"{}\" is longer than 1 MiB", member));
  return text;
}

Status read_subject(const json& value, Document& document) {
  Members members(value, "subject");
  if (!value.is_object() || !members.has("kind")) return members.refuse("an object with \"kind\" is expected");
  MJ_TRY(const std::string kind, members.text("kind"));
  if (kind == "figure") {
    MJ_CHECK(members.only({"kind", "figure"}));
    MJ_TRY(const std::string text, members.text("figure"));
    MJ_TRY(document.figure_id, FigureId::parse(text));
    return {};
  }
  if (kind != "device") return members.refuse("\"kind\" is neither figure nor device");
  MJ_CHECK(members.only({"kind", "device", "from", "to"}));
  MJ_TRY(document.device, members.text("device"));
  const auto printable = [](char c) { return c > ' ' && c < '\x7F' && c != '/'; };
  if (document.device.empty() || !std::all_of(document.device.begin(), document.device.end(), printable))
    return members.refuse("\"device\" must be printable ASCII without blanks and /");
  MJ_TRY(document.from, read_time(members, "from"));
  MJ_TRY(document.to, read_time(members, "to"));
  if (document.to <= document.from) return members.refuse("\"to\" is not behind \"from\"");
  return {};
}

Status read_policy(const json& value, Document& document) {
  Members members(value, "policy");
  MJ_CHECK(members.only({"quorum", "witnesses"}));
  MJ_TRY(document.quorum, members.integer("quorum", kAnyInteger));
  MJ_TRY(const json::array_t* const list, members.array("witnesses"));
  if (list->size() > kMaxWitnesses) return members.refuse("more than 64 witnesses");
  for (const json& witness : *list) {
    if (!witness.is_string()) return members.refuse("a witness must be a text");
    document.witnesses.push_back(witness.get<std::string>());
  }
  return {};
}

Status read_entries(const Members& root, Document& document) {
  MJ_TRY(const json::array_t* const list, root.array("entries"));
  if (list->empty()) return root.refuse("\"entries\" is empty");
  document.entries.reserve(list->size());
  for (const json& pair : *list) {
    const std::string where = fmt::format("entries, place {}", document.entries.size());
    if (!pair.is_array() || pair.size() != 2)
      return Error(ErrorCode::invalid_input, where + ": an index and an entry are expected");
    PlacedEntry entry;
    MJ_TRY(entry.index, integer_of(pair[0], where));
    if (!document.entries.empty() && entry.index <= document.entries.back().index)
      return Error(ErrorCode::invalid_input, where + ": the index does not ascend");
    MJ_TRY(entry.bytes, base64_of(pair[1], where));
    if (const auto decoded = evidence_format::decode(entry.bytes); !decoded)
      return Error(ErrorCode::invalid_input, decoded.error().context(where).text());
    document.entries.push_back(std::move(entry));
  }
  return {};
}

Status read_nodes(const Members& proof, std::string_view member, std::vector<evidence_format::ProofNode>& nodes) {
  MJ_TRY(const json::array_t* const list, proof.array(member));
  nodes.reserve(list->size());
  for (const json& triple : *list) {
    const std::string where = fmt::format("proof, {}, place {}", member, nodes.size());
    const auto refuse = [&](std::string_view why) {
      return Error(ErrorCode::invalid_input, fmt::format("{}: {}", where, why));
    };
    if (!triple.is_array() || triple.size() != 3) return refuse("a level, an index and a hash are expected");
    evidence_format::ProofNode node;
    MJ_TRY(const std::uint64_t level, integer_of(triple[0], where));
    if (level > kMaxLevel) return refuse("the level is above 63");
    node.node.level = static_cast<unsigned>(level);
    MJ_TRY(node.node.index, integer_of(triple[1], where));
    MJ_TRY(const Bytes hash, base64_of(triple[2], where));
    if (hash.size() != node.hash.size()) return refuse("the hash has not 32 bytes");
    std::copy(hash.begin(), hash.end(), node.hash.begin());
    nodes.push_back(node);
  }
  return {};
}

Status read_derivation(const Members& root, Document& document) {
  MJ_TRY(const json::array_t* const tables, root.array("tables"));
  std::vector<std::string_view> ids;
  for (const json& value : *tables) {
    MJ_TRY(Table table, read_table(value, document.tables.size()));
    document.tables.push_back(std::move(table));
  }
  ids.reserve(document.tables.size());
  for (const Table& table : document.tables) ids.emplace_back(table.id);
  std::sort(ids.begin(), ids.end());
  if (std::adjacent_find(ids.begin(), ids.end()) != ids.end())
    return root.refuse("two tables have the same \"id\"");

  MJ_TRY(const json::array_t* const steps, root.array("steps"));
  document.steps.reserve(steps->size());
  for (const json& value : *steps) {
    MJ_TRY(Step step, read_step(value, document.steps.size(), document));
    document.steps.push_back(std::move(step));
  }
  std::size_t logarithms = 0;
  for (const Step& step : document.steps) {
    if (step.op == Op::ln || step.op == Op::lg || step.op == Op::level) logarithms += step.inputs.size();
  }
  if (logarithms > kMaxLogarithms)
    return root.refuse(fmt::format("more than {} logarithms are to be computed", kMaxLogarithms));
  // One entry is read with one key, or with none.
  std::vector<const Step*> reader(document.entries.size(), nullptr);
  for (const Step& step : document.steps) {
    if (!step.is_leaf()) continue;
    const Step*& first = reader[*document.place_of(step.entry)];
    if (first == nullptr) first = &step;
    if (first->key != step.key) return root.refuse(fmt::format("entry {} is read with two keys", step.entry));
  }
  return {};
}

Status read_figure(const Members& root, Document& document) {
  if (root.is_null("figure") == document.figure_id.has_value())
    return root.refuse("\"figure\" must be an object for a figure and null for a device");
  if (!document.figure_id) {
    if (!document.tables.empty()) return root.refuse("a device has no tables");
    const auto other = [](const Step& step) { return step.op != Op::field && step.op != Op::cell; };
    if (std::any_of(document.steps.begin(), document.steps.end(), other))
      return root.refuse("the steps of a device are all \"field\" or \"cell\"");
    return {};
  }
  Members figure(root.at("figure"), "figure");
  MJ_CHECK(figure.only({"value", "unit", "step"}));
  MJ_TRY(document.value, figure.text("value"));
  MJ_TRY(document.unit, figure.text("unit"));
  MJ_TRY(const std::uint64_t step, figure.integer("step", kAnyInteger));
  if (step >= document.steps.size()) return figure.refuse("there is no such step");
  document.value_step = static_cast<std::uint32_t>(step);
  return {};
}

Status read_statements(const Members& root, Document& document) {
  MJ_TRY(const json::array_t* const list, root.array("statements"));
  for (const json& value : *list) {
    MJ_TRY(const std::uint64_t index, integer_of(value, "statements"));
    if (!document.place_of(index)) return root.refuse("a statement is not among the entries");
    document.statements.push_back(index);
  }
  std::vector<std::uint64_t> sorted = document.statements;
  std::sort(sorted.begin(), sorted.end());
  if (std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end())
    return root.refuse("a statement is named twice");
  return {};
}

Status read_timestamp(const Members& root, Document& document) {
  if (!root.is_null("timestamp")) {
    MJ_TRY(document.timestamp, base64_of(root.at("timestamp"), "timestamp"));
    if (document.timestamp->size() > kMaxTextBytes) return root.refuse("\"timestamp\" is longer than 1 MiB");
  }
  if (!root.is_null("timestamp_trust")) {
    MJ_TRY(document.timestamp_trust, short_text(root, "timestamp_trust"));
  }
  return {};
}

}  // namespace

std::optional<std::size_t> Document::place_of(std::uint64_t index) const {
  const auto place = std::lower_bound(entries.begin(), entries.end(), index,
                                      [](const PlacedEntry& entry, std::uint64_t i) { return entry.index < i; });
  if (place == entries.end() || place->index != index) return std::nullopt;
  return static_cast<std::size_t>(place - entries.begin());
}

std::string Document::subject() const {
  if (figure_id) return figure_id->text();
  return fmt::format("device {} {} {}", device, to_iso(from), to_iso(to));
}

Result<Document> read_document(std::string_view bundle) {
  MJ_TRY(const json root_value, parse_strict(bundle));
  Members root(root_value, "the bundle");
  MJ_CHECK(
      root.only({"format", "version", "made_at", "software", "subject", "keyring", "checkpoint", "policy",
                 "timestamp", "timestamp_trust", "entries", "proof", "tables", "steps", "figure", "statements"}));
  MJ_TRY(const std::string format, root.text("format"));
  MJ_TRY(const std::uint64_t version, root.integer("version", kAnyInteger));
  if (format != kFormat || version != 1) return root.refuse("it is no mingjian-evidence-bundle of version 1");
  Document document;
  MJ_TRY(const Instant made_at, read_time(root, "made_at"));
  document.made_at = to_iso(made_at);
  MJ_TRY(document.software, root.text("software"));
  MJ_CHECK(read_subject(root.at("subject"), document));
  MJ_TRY(document.keyring, short_text(root, "keyring"));
  MJ_TRY(document.checkpoint, short_text(root, "checkpoint"));
  MJ_CHECK(read_policy(root.at("policy"), document));
  MJ_CHECK(read_timestamp(root, document));
  MJ_CHECK(read_entries(root, document));
  Members proof(root.at("proof"), "proof");
  MJ_CHECK(proof.only({"sha256", "sm3"}));
  MJ_CHECK(read_nodes(proof, "sha256", document.sha256));
  MJ_CHECK(read_nodes(proof, "sm3", document.sm3));
  MJ_CHECK(read_derivation(root, document));
  MJ_CHECK(read_figure(root, document));
  MJ_CHECK(read_statements(root, document));
  return document;
}

std::string write_document(const Document& document) {
  const auto nodes = [](const std::vector<evidence_format::ProofNode>& list) {
    json array = json::array();
    for (const auto& [node, hash] : list) array.push_back(json::array({node.level, node.index, to_base64(hash)}));
    return array;
  };
  json subject = document.figure_id ? json{{"kind", "figure"}, {"figure", document.figure_id->text()}}
                                    : json{{"kind", "device"},
                                           {"device", document.device},
                                           {"from", to_iso(document.from)},
                                           {"to", to_iso(document.to)}};
  json entries = json::array();
  for (const PlacedEntry& entry : document.entries)
    entries.push_back(json::array({entry.index, to_base64(entry.bytes)}));
  json tables = json::array();
  for (const Table& table : document.tables) tables.push_back(write_table(table));
  json steps = json::array();
  for (const Step& step : document.steps) steps.push_back(write_step(step));
  const json root = {
      {"format", kFormat},
      {"version", 1},
      {"made_at", document.made_at},
      {"software", document.software},
      {"subject", std::move(subject)},
      {"keyring", document.keyring},
      {"checkpoint", document.checkpoint},
      {"policy", {{"quorum", document.quorum}, {"witnesses", document.witnesses}}},
      {"timestamp", document.timestamp ? json(to_base64(*document.timestamp)) : json(nullptr)},
      {"timestamp_trust", document.timestamp_trust ? json(*document.timestamp_trust) : json(nullptr)},
      {"entries", std::move(entries)},
      {"proof", {{"sha256", nodes(document.sha256)}, {"sm3", nodes(document.sm3)}}},
      {"tables", std::move(tables)},
      {"steps", std::move(steps)},
      {"figure", document.figure_id
                     ? json{{"value", document.value}, {"unit", document.unit}, {"step", document.value_step}}
                     : json(nullptr)},
      {"statements", document.statements}};
  return root.dump();
}

}  // namespace mj::bundle
