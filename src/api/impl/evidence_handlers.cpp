#include "appraisal_json.hpp"
#include "evidence_json.hpp"
#include "frames_json.hpp"
#include "handlers.hpp"
#include "json_body.hpp"
#include "mj/appraisal/figure.hpp"
#include "mj/bundle/export.hpp"
#include "mj/evidence/maintenance.hpp"
#include "mj/evidence_format/hash.hpp"
#include "mj/kernel/text.hpp"
#include "mj/registry/adoption.hpp"

namespace mj::api {
namespace {

/// Entries as large as they may be must not make an answer of hundreds of megabytes.
constexpr std::size_t kListBytes = 4U << 20U;

Result<Answer> evidence_answer(const Services& services) { return json_answer(to_text(evidence_json(services))); }

/// A size of the log, which must be given.
Result<std::uint64_t> size_parameter(const Call& call, std::string_view name) {
  MJ_TRY(const std::optional<std::uint64_t> size, call.query.whole_if_given(name));
  if (!size) return wrong_parameter(name, "is missing");
  return *size;
}

/// The body of an act without particulars.
Status empty_body(const Call& call) {
  MJ_CHECK(call.query.only({}));
  MJ_TRY(const JsonBody body, JsonBody::parse(call.request->body));
  return body.only({});
}

/// The newest entries of a device below `before`, newest first.
Result<Json> device_entries(const Services& services, const std::string& device, std::uint64_t before,
                            std::size_t limit) {
  Json rows = Json::array();
  MJ_TRY(const std::vector<std::uint64_t> entries, services.custody.newest_entries(device, before, limit));
  for (const std::uint64_t entry : entries) {
    MJ_TRY(const evidence::ReadBatch read, services.log.read(evidence::EntryIndex(entry), 1, 1));
    for (const auto& stored : read.entries) rows.push_back(entry_line_json(stored));
  }
  return rows;
}

Result<Json> newest_entries(const Services& services, std::uint64_t before, std::size_t limit) {
  Json rows = Json::array();
  const std::uint64_t first = before - std::min<std::uint64_t>(before, limit);
  std::vector<Json> lines;
  for (std::uint64_t next = first; next < before;) {
    MJ_TRY(const evidence::ReadBatch read,
           services.log.read(evidence::EntryIndex(next), before - next, kListBytes));
    if (read.entries.empty()) break;
    for (const auto& stored : read.entries) lines.push_back(entry_line_json(stored));
    next += read.entries.size();
  }
  for (auto line = lines.rbegin(); line != lines.rend(); ++line) rows.push_back(std::move(*line));
  return rows;
}

bundle::Sources sources_of(const Services& services) {
  bundle::Sources sources{services.log,     &services.anchors,        services.custody,   services.store,
                          services.network, services.device_register, services.standards, services.state_rules,
                          services.clock,   services.version};
  if (services.anchors.options().quorum > 0) {
    // Too few witnesses in time is no reason to refuse: the bundle says who signed.
    sources.ask_witnesses = [&services] { static_cast<void>(services.anchors.anchor_now()); };
  }
  if (services.evaluation != nullptr)
    sources.sheets = [&services](std::string_view element) { return services.evaluation->sheets(element); };
  if (services.evaluation != nullptr && services.register_book != nullptr) {
    const appraisal::Platform platform{{services.store, *services.register_book, services.standards},
                                       *services.evaluation,
                                       services.clock(),
                                       {}};  // a bundle takes the time it takes, as that of a result does
    sources.made_sheet = appraisal::made_sheets(platform, schemes_of(services));
  }
  if (services.register_book != nullptr) {
    sources.registered = [&services](std::string_view id, Instant at) -> std::optional<registry::Point> {
      const auto points = services.register_book->points(registry::Day::of(at));
      const registry::PointView* view = points->find(id);
      if (view == nullptr || view->reporters.empty()) return std::nullopt;
      return registry::registered_point(*view, view->reporters.front());
    };
  }
  return sources;
}

/// Letters and digits of a figure's name or an MN, as they may stand in a file name.
std::string file_name(std::string_view subject) {
  std::string name;
  for (const char c : subject) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    name += plain ? c : '-';
  }
  return name + ".mjbundle.json";
}

Answer bundle_answer(std::string text, std::string_view subject) {
  Answer answer = json_answer(std::move(text));
  answer.headers.push_back(
      {"Content-Disposition", fmt::format("attachment; filename=\"{}\"", file_name(subject))});
  return answer;
}

}  // namespace

Result<Answer> get_evidence(Context& context, const Call& call) {
  MJ_CHECK(call.query.only({}));
  return evidence_answer(context.services);
}

Result<Answer> list_entries(Context& context, const Call& call) {
  const Services& services = context.services;
  MJ_CHECK(call.query.only({"device", "before", "limit"}));
  MJ_TRY(const std::uint64_t limit, call.query.whole("limit", 1, kMaxLimit, kDefaultLimit));
  const std::uint64_t size = services.log.size();
  MJ_TRY(const std::optional<std::uint64_t> given, call.query.whole_if_given("before"));
  const std::uint64_t before = std::min(given.value_or(size), size);
  const std::optional<std::string> device = call.query.find("device");
  MJ_TRY(const Json rows,
         device ? device_entries(services, *device, before, limit) : newest_entries(services, before, limit));
  return json_answer(to_text(rows));
}

Result<Answer> get_entry(Context& context, const Call& call) {
  MJ_CHECK(call.query.only({}));
  const Services& services = context.services;
  MJ_TRY(const evidence::EntryIndex index, entry_of(services, call));
  MJ_TRY(const evidence::ReadBatch read, services.log.read(index, 1, 1));
  if (read.entries.empty()) return Error(ErrorCode::not_found, fmt::format("there is no entry {}", index.raw()));
  const evidence::StoredEntry& stored = read.entries.front();
  Bytes encoded;
  MJ_CHECK(evidence_format::encode(stored.entry, encoded));
  const std::string_view payload = as_text(stored.entry.payload);
  Json sequence = nullptr;
  if (!stored.entry.device.empty()) {
    MJ_TRY(const auto links, services.custody.links(stored.entry.device, index.raw(), index.raw() + 1, 1));
    if (!links.empty()) sequence = links.front().sequence;
  }
  MJ_TRY(const std::optional<anchoring::Anchor> anchor, services.anchors.first_covering(index.raw()));
  using enum evidence_format::HashAlgorithm;
  return json_answer(to_text(
      Json{{"line", entry_line_json(stored)},
           {"connection", stored.entry.connection},
           {"entry_base64", to_base64(encoded)},
           {"payload_base64", to_base64(stored.entry.payload)},
           {"text", is_utf8(payload) ? Json(payload) : Json(nullptr)},
           {"leaf", to_hex(evidence_format::leaf_hash(encoded, sha256))},
           {"sm3_leaf", to_hex(evidence_format::leaf_hash(encoded, sm3))},
           {"sequence", std::move(sequence)},
           {"covered", anchor ? anchor_json(*anchor, services.anchors.options().policy()) : Json(nullptr)}}));
}

Result<Answer> get_consistency(Context& context, const Call& call) {
  const Services& services = context.services;
  MJ_CHECK(call.query.only({"from", "to"}));
  MJ_TRY(const std::uint64_t from, size_parameter(call, "from"));
  MJ_TRY(const std::uint64_t to, size_parameter(call, "to"));
  if (from > to) return wrong_parameter("from", "must not be larger than to");
  MJ_TRY(const auto older, services.log.checkpoint_at(from));
  MJ_TRY(const auto newer, services.log.checkpoint_at(to));
  MJ_TRY(const evidence::ConsistencyProof proof, services.log.consistency(from, to));
  return json_answer(to_text(Json{{"from", from},
                                  {"to", to},
                                  {"from_root", to_hex(older.root)},
                                  {"to_root", to_hex(newer.root)},
                                  {"path", digests_json(proof.sha256)},
                                  {"from_sm3_root", to_hex(older.sm3_root.value_or(Digest{}))},
                                  {"to_sm3_root", to_hex(newer.sm3_root.value_or(Digest{}))},
                                  {"sm3_path", digests_json(proof.sm3)}}));
}

Result<Answer> list_anchors(Context& context, const Call& call) {
  MJ_CHECK(call.query.only({"limit"}));
  MJ_TRY(const std::uint64_t limit, call.query.whole("limit", 1, kMaxLimit, kDefaultLimit));
  MJ_TRY(const auto anchors, context.services.anchors.newest(limit));
  const evidence_format::WitnessPolicy policy = context.services.anchors.options().policy();
  Json rows = Json::array();
  for (const anchoring::Anchor& anchor : anchors) rows.push_back(anchor_json(anchor, policy));
  return json_answer(to_text(rows));
}

Result<Answer> anchor_now(Context& context, const Call& call) {
  MJ_CHECK(empty_body(call));
  MJ_TRY(const anchoring::Anchor anchor, context.services.anchors.anchor_now());
  return json_answer(to_text(anchor_json(anchor, context.services.anchors.options().policy())));
}

Result<Answer> rotate_keys(Context& context, const Call& call) {
  MJ_CHECK(call.query.only({}));
  MJ_TRY(const JsonBody body, JsonBody::parse(call.request->body));
  MJ_CHECK(body.only({"name", "reason"}));
  MJ_TRY(const std::string given_name, body.text("name"));
  MJ_TRY(const std::string given_reason, body.text("reason"));
  MJ_TRY(std::string name, clean_text(given_name, kMaxNameCharacters, "name"));
  MJ_TRY(std::string reason, clean_text(given_reason, kMaxReasonCharacters, "reason"));
  MJ_CHECK(context.services.log.rotate_keys(std::move(name), std::move(reason)));
  return evidence_answer(context.services);
}

Result<Answer> scrub_now(Context& context, const Call& call) {
  MJ_CHECK(empty_body(call));
  context.services.maintenance.scrub_now();
  return evidence_answer(context.services);
}

Result<Answer> get_bundle(Context& context, const Call& call) {
  const Services& services = context.services;
  MJ_CHECK(call.query.only({"figure", "device", "from", "to"}));
  const std::optional<std::string> figure = call.query.find("figure");
  const std::optional<std::string> device = call.query.find("device");
  if (figure.has_value() == device.has_value())
    return wrong_parameter("figure", "give either figure, or device with from and to");
  if (figure) {
    const auto id = bundle::FigureId::parse(*figure);
    if (!id) return wrong_parameter("figure", id.error().text());
    MJ_TRY(std::string text, bundle::export_figure(sources_of(services), *id));
    return bundle_answer(std::move(text), *figure);
  }
  MJ_TRY(const Instant from, call.query.time("from"));
  MJ_TRY(const Instant to, call.query.time("to"));
  if (to <= from) return wrong_parameter("to", "must be later than from");
  MJ_TRY(std::string text, bundle::export_device(sources_of(services), *device, from, to));
  return bundle_answer(std::move(text), fmt::format("{}-{}-{}", *device, to_compact(from), to_compact(to)));
}

}  // namespace mj::api
