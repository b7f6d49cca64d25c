#include "handlers.hpp"
#include "intake_json.hpp"
#include "mj/bundle/figure.hpp"
#include "mj/dataset/import_entry.hpp"
#include "mj/intake/importer.hpp"
#include "mj/kernel/bytes.hpp"

namespace mj::api {
namespace {

constexpr std::uint64_t kMostFaults = 10'000;
constexpr std::uint64_t kUsualFaults = 500;
constexpr std::size_t kFirstFigures = 3;

Result<intake::Importer*> importer_of(const Services& services) {
  if (services.importer == nullptr) return Error(ErrorCode::unavailable, "this server takes no files");
  return services.importer;
}

/// Whether the values of everything in the log are derived.
bool all_derived(const Services& services) { return services.store.position() >= services.log.size(); }

dataset::Statement statement_of(const Call& call) {
  return {call.query.find("layout").value_or(""), call.query.find("factor").value_or(""),
          call.query.find("unit").value_or(""), call.query.find("station").value_or("")};
}

/// A file whose manifest is durable and not derived yet.
Result<telemetry::ImportedFile> waiting_file(const evidence::StoredEntry& stored) {
  const auto manifest = dataset::parse_manifest(as_text(stored.entry.payload));
  if (stored.entry.type != evidence_format::EntryType::import || !manifest) {
    return Error(ErrorCode::not_found,
                 fmt::format("entry {} is no file that was handed over", stored.index.raw()));
  }
  telemetry::ImportedFile file;
  file.entry = stored.index.raw();
  file.received_at = stored.entry.received_at;
  file.source = manifest->source;
  file.file = manifest->file;
  file.sha256 = manifest->sha256;
  file.layout = manifest->layout.id;
  file.period = dataset::name(manifest->layout.period);
  file.name = manifest->name;
  file.reason = manifest->reason;
  file.bytes = manifest->bytes;
  return file;
}

/// Names under which bundles prove the first values of a file: those that no later value has replaced.
Result<Json> first_figures(const Services& services, const std::vector<std::uint64_t>& parts) {
  Json names = Json::array();
  if (parts.empty()) return names;
  MJ_TRY(const auto values, services.store.observations_of(parts.front()));
  for (const telemetry::Store::FromFrame& value : values) {
    if (names.size() == kFirstFigures) break;
    const auto& key = value.key;
    if (!value.current) continue;
    names.push_back(bundle::FigureId{
        bundle::FigureId::Kind::value, key.device, key.st, key.cn, key.factor, key.kind, value.observation.at, {}}
                        .text());
  }
  return names;
}

/// Whether the values of what was handed over before are derived.
Result<bool> is_derived(const Services& services, const intake::Receipt& receipt) {
  if (!receipt.already || !receipt.entry || receipt.records) return receipt.already;
  telemetry::ImportQuery query;
  query.entry = receipt.entry;
  MJ_TRY(const auto files, services.store.imports(query));
  return !files.empty() && files.front().complete();
}

}  // namespace

Result<Answer> list_layouts(Context& context, const Call& call) {
  MJ_CHECK(call.query.only({}));
  MJ_TRY(const intake::Importer* importer, importer_of(context.services));
  Json list = Json::array();
  for (const dataset::Layout& layout : importer->catalogue().layouts()) list.push_back(layout_json(layout));
  return json_answer(to_text(list));
}

Result<Answer> recognise_file(Context& context, const Call& call) {
  MJ_CHECK(call.query.only({"file"}));
  MJ_TRY(const intake::Importer* importer, importer_of(context.services));
  const std::string file = call.query.find("file").value_or("");
  return json_answer(to_text(recognition_json(importer->recognise(file, call.request->body))));
}

Result<Answer> list_imports(Context& context, const Call& call) {
  MJ_CHECK(call.query.only({"before", "limit"}));
  telemetry::ImportQuery query;
  MJ_TRY(query.before, call.query.whole_if_given("before"));
  MJ_TRY(const std::uint64_t limit, call.query.whole("limit", 1, kMaxLimit, kDefaultLimit));
  query.limit = static_cast<std::size_t>(limit);
  const bool derived = all_derived(context.services);
  MJ_TRY(const auto files, context.services.store.imports(query));
  Json list = Json::array();
  for (const telemetry::ImportedFile& file : files) list.push_back(receipt_json(file, derived, {}));
  return json_answer(to_text(list));
}

Result<Answer> import_file(Context& context, const Call& call) {
  MJ_CHECK(call.query.only({"file", "name", "reason", "layout", "factor", "unit", "station", "dry_run"}));
  MJ_TRY(intake::Importer * importer, importer_of(context.services));
  intake::Offer offer;
  MJ_TRY(offer.file, call.query.text("file"));
  offer.bytes = call.request->body;
  offer.statement = statement_of(call);
  offer.author = {call.query.find("name").value_or(""), call.query.find("reason").value_or("")};
  MJ_TRY(const auto dry_run, call.query.flag_if_given("dry_run"));
  offer.dry_run = dry_run.value_or(false);
  MJ_TRY(const intake::Receipt receipt, importer->take(offer));
  MJ_TRY(const bool derived, is_derived(context.services, receipt));
  return json_answer(
      to_text(receipt_json(receipt, derived, context.services.clock(), offer.author.name, offer.author.reason)));
}

Result<Answer> get_import(Context& context, const Call& call) {
  MJ_CHECK(call.query.only({"faults"}));
  const Services& services = context.services;
  MJ_TRY(const std::uint64_t most, call.query.whole("faults", 0, kMostFaults, kUsualFaults));
  MJ_TRY(const evidence::EntryIndex entry, entry_of(services, call));
  // The position first: what is derived after it may show in the answer, what is derived before it must.
  const std::uint64_t position = services.store.position();
  const bool derived = position >= services.log.size();
  telemetry::ImportQuery query;
  query.entry = entry.raw();
  MJ_TRY(const auto files, services.store.imports(query));
  if (!files.empty()) {
    std::vector<intake::Fault> faults;
    if (most > 0 && files.front().unreadable > 0) {
      MJ_TRY(faults, intake::faults_of(services.log, entry.raw(), files.front().part_entries,
                                       static_cast<std::size_t>(most)));
    }
    Json receipt = receipt_json(files.front(), derived, faults);
    MJ_TRY(receipt["figures"], first_figures(services, files.front().part_entries));
    return json_answer(to_text(receipt));
  }
  MJ_TRY(const evidence::ReadBatch batch, services.log.read(entry, 1, 1));
  if (derived || batch.entries.empty() || entry.raw() < position)
    return Error(ErrorCode::not_found, fmt::format("entry {} is no file that was handed over", entry.raw()));
  // Durable, and not read yet: what the manifest says.
  MJ_TRY(const telemetry::ImportedFile waiting, waiting_file(batch.entries.front()));
  return json_answer(to_text(receipt_json(waiting, false, {})));
}

}  // namespace mj::api
