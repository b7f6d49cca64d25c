#include "mj/bundle/export.hpp"

#include "assembly.hpp"
#include "mj/telemetry/accepted_frames.hpp"

namespace mj::bundle {
namespace {

constexpr std::int64_t kDayMs = 24LL * 3600 * 1000;
/// Entries of one bundle; more would not fit into its limits anyway.
constexpr std::size_t kMaxEntries = 500'000;
/// Steps that fit into 2^23 JSON values together with the rest.
constexpr std::size_t kMaxSteps = 1'200'000;

Instant day_start(Instant at) {
  BeijingTime time = to_beijing(at);
  return *from_beijing({time.year, time.month, time.day, 0, 0, 0, 0});
}

/// The newest statement of each day asked for, oldest first.
Result<std::vector<custody::DayStatement>> statements_for(const Sources& sources, std::string_view device,
                                                          Instant from, Instant to) {
  MJ_TRY(auto statements, sources.custody.statements(device, day_start(from), to));
  if (statements.empty()) {
    return Error(
        ErrorCode::unavailable,
        fmt::format("no day of device {} from {} on is closed yet: only closed days can be shown to be complete",
                    device, to_iso(from)));
  }
  std::reverse(statements.begin(), statements.end());
  const custody::DayStatement& last = statements.back();
  if (last.day.plus_ms(kDayMs) < to) {
    return Error(ErrorCode::unavailable,
                 fmt::format("the days of device {} are closed up to {}; ask for an end not later", device,
                             to_iso(last.day.plus_ms(kDayMs))));
  }
  return statements;
}

/// Field steps for all values that the platform takes from an entry.
Status add_values(Assembly& assembly, const evidence::StoredEntry& stored, const telemetry::AcceptedFrame& frame) {
  const std::uint64_t entry = stored.index.raw();
  const auto read = assembly.read(entry);
  if (!read) return {};  // in cipher, and the key may not be given away: the entry itself is there
  for (const telemetry::AcceptedValue& value : frame.values) {
    const std::string name = fmt::format("{}-{}", value.factor, value.kind);
    const bool printable =
        std::all_of(value.text.begin(), value.text.end(), [](char c) { return c >= ' ' && c < '\x7F'; });
    if (!printable) continue;
    if (assembly.document.steps.size() == kMaxSteps)
      return Error(ErrorCode::invalid_input, "the bundle would become too large: ask for a shorter time");
    MJ_CHECK(assembly.add_field(entry, *read, name, value.text));
  }
  return {};
}

Status take_entries(const Sources& sources, Assembly& assembly,
                    const std::vector<custody::DayStatement>& statements, std::string_view device,
                    const Progress& progress) {
  MJ_TRY(const std::vector<custody::Link> links,
         sources.custody.links(device, statements.front().from, statements.back().to, kMaxEntries));
  if (links.size() == kMaxEntries)
    return Error(ErrorCode::invalid_input, "the bundle would become too large: ask for a shorter time");
  telemetry::AcceptedFrames frames(sources.network);
  frames.use(sources.device_register.settings());
  std::uint64_t done = 0;
  for (const custody::Link& link : links) {
    MJ_CHECK(assembly.take(link.entry));
    const Bytes& bytes = assembly.document.entries[*assembly.document.place_of(link.entry)].bytes;
    MJ_TRY(const evidence_format::Entry entry, evidence_format::decode(bytes));
    const evidence::StoredEntry stored{evidence::EntryIndex(link.entry), entry};
    if (entry.type == evidence_format::EntryType::frame) {
      const telemetry::AcceptedFrame* frame = frames.read(stored);
      if (frame != nullptr) MJ_CHECK(add_values(assembly, stored, *frame));
    }
    if (progress) progress(++done, links.size());
  }
  return {};
}

}  // namespace

Result<std::string> export_figure(const Sources& sources, const FigureId& figure) {
  Assembly assembly(sources);
  assembly.document.figure_id = figure;
  switch (figure.kind) {
    case FigureId::Kind::value: MJ_CHECK(assemble_value(sources, assembly)); break;
    case FigureId::Kind::mean: MJ_CHECK(assemble_mean(sources, assembly)); break;
    case FigureId::Kind::aqi:
    case FigureId::Kind::water_class: MJ_CHECK(assemble_state(sources, assembly)); break;
    case FigureId::Kind::result:
    case FigureId::Kind::statistic:
    case FigureId::Kind::appraisal: MJ_CHECK(assemble_result(sources, assembly)); break;
  }
  return assembly.finish();
}

Result<std::string> export_device(const Sources& sources, std::string_view device, Instant from, Instant to,
                                  const Progress& progress) {
  if (to <= from) return Error(ErrorCode::invalid_input, "the end must be later than the beginning");
  Assembly assembly(sources);
  assembly.document.device = device;
  assembly.document.from = from;
  assembly.document.to = to;
  MJ_TRY(const auto statements, statements_for(sources, device, from, to));
  MJ_CHECK(take_entries(sources, assembly, statements, device, progress));
  for (const custody::DayStatement& statement : statements) {
    MJ_CHECK(assembly.take(statement.entry));
    assembly.document.statements.push_back(statement.entry);
  }
  return assembly.finish();
}

}  // namespace mj::bundle
