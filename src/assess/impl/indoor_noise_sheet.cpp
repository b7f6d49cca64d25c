#include "mj/assess/indoor_noise.hpp"
#include "mj/assess/sheet.hpp"
#include "sheet_reader.hpp"
#include "sheet_writer.hpp"

namespace mj::assess {
namespace {

Result<std::optional<Decimal>> sound_level(const SheetReader& reader, std::size_t column) {
  MJ_TRY(const auto value, reader.number(column));
  constexpr Decimal kMost{200, 0};
  if (value && (value->mantissa < 0 || compare(*value, kMost) > 0))
    return reader.error(column, fmt::format("{} dB is no sound level from 0 to 200", to_text(*value)));
  return value;
}

/// "31.5(2.0)+63(1.0)": bands beyond their limit and by how much.
std::string beyond_text(const std::vector<IndoorBand>& bands) {
  std::string text;
  for (const IndoorBand& band : bands) {
    if (!band.level || compare(*band.level, band.limit) <= 0) continue;
    const auto over = (Exact(*band.level) - band.limit).round(1);
    text += fmt::format("{}{}({})", text.empty() ? "" : "+", to_text(band.band), over ? to_text(*over) : "");
  }
  return text;
}

}  // namespace

Result<std::size_t> indoor_noise_sheet(const SheetRun& run) {
  const std::string edition = run.standard.empty() ? "GB 12348-2008" : run.standard;
  SheetReader reader(run.input);
  MJ_CHECK(reader.open());
  MJ_TRY(const std::size_t point, reader.require("point"));
  MJ_TRY(const std::size_t time, reader.require("time"));
  MJ_TRY(const std::size_t zone, reader.require("zone"));
  MJ_TRY(const std::size_t room, reader.require("room"));
  MJ_TRY(const std::size_t period, reader.require("period"));
  const auto level = reader.find("leq");
  std::vector<std::pair<Decimal, std::size_t>> bands;
  for (const Decimal& band : indoor_bands(run.standards, edition)) {
    if (const auto column = reader.find(column_name("l" + to_text(band)))) bands.emplace_back(band, *column);
  }
  if (!level && bands.empty())
    return Error(ErrorCode::invalid_input, "header: neither leq nor a band such as l31.5, l63, l125, l250, l500");
  SheetWriter writer(run.output, run.format,
                     {"point", "time", "zone", "room", "period", "leq", "leq_limit", "leq_compliant", "bands",
                      "bands_over", "bands_compliant", "compliant", "standard", "clause", "verification"});
  while (true) {
    MJ_TRY(const bool more, reader.next());
    if (!more) break;
    MJ_TRY(const std::string_view name, reader.text(point));
    MJ_TRY(const Instant at, reader.time(time));
    IndoorNoise noise;
    MJ_TRY(noise.zone, reader.text(zone));
    MJ_TRY(noise.room, reader.text(room));
    MJ_TRY(noise.period, reader.text(period));
    if (level) {
      MJ_TRY(noise.level, sound_level(reader, *level));
    }
    for (const auto& [band, column] : bands) {
      MJ_TRY(const auto value, sound_level(reader, column));
      if (value) noise.bands.push_back({band, *value});
    }
    const auto verdict = judge_indoor(run.standards, at, edition, noise);
    if (!verdict) return reader.error(zone, verdict.error().text());
    writer.text(name).text(reader.cell(time)).text(noise.zone).text(noise.room).text(noise.period);
    writer.decimal(noise.level).decimal(verdict->level_limit).yes_no(verdict->level_compliant);
    writer.integer(static_cast<std::int64_t>(noise.bands.size())).text_or_none(beyond_text(verdict->bands));
    writer.yes_no(verdict->bands_compliant).yes_no(verdict->compliant);
    writer.text(edition).text(verdict->clause).text(standards::name(verdict->verification));
    MJ_CHECK(writer.end_row());
  }
  MJ_CHECK(writer.finish());
  return reader.row();
}

}  // namespace mj::assess
