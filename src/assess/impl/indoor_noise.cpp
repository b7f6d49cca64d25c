#include "mj/assess/indoor_noise.hpp"

#include "mj/assess/rules_in_force.hpp"

namespace mj::assess {
namespace {

bool less(Decimal a, Decimal b) { return compare(a, b) < 0; }

/// False as soon as one is beyond, else none as soon as one is missing.
std::optional<bool> both(std::optional<bool> a, std::optional<bool> b) {
  if (a == false || b == false) return false;
  return a && b ? std::optional(true) : std::nullopt;
}

}  // namespace

Result<IndoorVerdict> judge_indoor(const standards::StandardSet& standards, Instant at, std::string_view edition,
                                   const IndoorNoise& noise) {
  IndoorVerdict verdict;
  const auto same_room = [&](const standards::RuleRow& row) {
    return row.text("zone") == noise.zone && row.text("room") == noise.room;
  };
  const standards::RuleRow* limits = nullptr;
  for (const auto* row : rows_in_force(standards, "noise_indoor_limits", at, edition)) {
    if (same_room(*row)) limits = row;
  }
  if (limits == nullptr || (noise.period != "day" && noise.period != "night"))
    return Error(ErrorCode::not_found, fmt::format("{} has no limits indoors for zone {}, room {}, {}", edition,
                                                   noise.zone, noise.room, noise.period));
  verdict.level_limit = limits->decimal(noise.period);
  verdict.clause = limits->clause;
  verdict.verification = limits->verification;
  if (noise.level) verdict.level_compliant = compare(*noise.level, verdict.level_limit) <= 0;
  for (const auto* row : rows_in_force(standards, "noise_indoor_octave_limits", at, edition)) {
    if (!same_room(*row) || row->text("period") != noise.period) continue;
    verdict.bands.push_back({row->decimal("band_hz"), row->decimal("limit"), std::nullopt});
    verdict.verification = std::max(verdict.verification, row->verification);
  }
  std::sort(verdict.bands.begin(), verdict.bands.end(),
            [](const IndoorBand& a, const IndoorBand& b) { return less(a.band, b.band); });
  for (const BandLevel& measured : noise.bands) {
    const auto band = std::find_if(verdict.bands.begin(), verdict.bands.end(), [&](const IndoorBand& candidate) {
      return compare(candidate.band, measured.band) == 0;
    });
    if (band == verdict.bands.end())
      return Error(ErrorCode::invalid_input,
                   fmt::format("no limit for the band of {} Hz", to_text(measured.band)));
    band->level = measured.level;
  }
  verdict.bands_compliant = true;
  for (const IndoorBand& band : verdict.bands) {
    std::optional<bool> fits;
    if (band.level) fits = compare(*band.level, band.limit) <= 0;
    verdict.bands_compliant = both(verdict.bands_compliant, fits);
  }
  verdict.compliant = both(verdict.level_compliant, verdict.bands_compliant);
  return verdict;
}

std::vector<Decimal> indoor_bands(const standards::StandardSet& standards, std::string_view edition) {
  std::vector<Decimal> bands;
  for (const standards::RuleRow& row : standards.rules("noise_indoor_octave_limits")) {
    if (row.edition == edition) bands.push_back(row.decimal("band_hz"));
  }
  std::sort(bands.begin(), bands.end(), less);
  bands.erase(std::unique(bands.begin(), bands.end(), [](Decimal a, Decimal b) { return compare(a, b) == 0; }),
              bands.end());
  return bands;
}

}  // namespace mj::assess
