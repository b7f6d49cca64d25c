#include <nlohmann/json.hpp>

#include "assess_command.hpp"
#include "mj/acoustics/level_meter.hpp"
#include "mj/acoustics/recording.hpp"
#include "mj/acoustics/spectrum.hpp"
#include "mj/assess/indoor_noise.hpp"
#include "mj/assess/noise.hpp"
#include "platform.hpp"
#include "table_file.hpp"

namespace mj::app {
namespace {

using acoustics::TimeWeighting;
using acoustics::Weighting;

struct SpectrumOptions {
  AssessCommon common;
  std::optional<double> calibration;
  std::string calibrator;
  double tone = 94;
  std::string bands = "third";
  int channel = 1;
  std::string zone;
  std::string room = "A";
  std::string period;
};

/// One figure of the result. `limit` and `compliant` only where a limit applies.
struct Measure {
  std::string name;
  std::optional<Decimal> band;
  std::optional<Decimal> level;
  std::optional<Decimal> limit = {};
  std::optional<bool> compliant = {};
};

Result<acoustics::Recording> open_recording(const std::string& file) {
  if (file != "-" && !file.ends_with(".zst")) return acoustics::Recording::open(file);
  MJ_TRY(const auto source, open_table(file));
  std::string bytes;
  std::vector<char> piece(1U << 18U);
  while (true) {
    MJ_TRY(const std::size_t size, source(piece));
    if (size == 0) break;
    bytes.append(piece.data(), size);
  }
  return acoustics::Recording::from_bytes(std::move(bytes));
}

/// Hands over a recording in pieces of two seconds; the first also says what the constant part is.
Status listen(acoustics::Recording& recording, int channel,
              const std::function<void(std::span<const double>)>& take) {
  std::vector<double> piece(static_cast<std::size_t>(recording.sample_rate()) * 2);
  while (true) {
    MJ_TRY(const std::size_t size, recording.read(piece, channel));
    if (size == 0) return {};
    take(std::span(piece).first(size));
  }
}

/// What is added to levels relative to a full-scale sine; none when nobody said how loud that is.
Result<std::optional<double>> calibration_of(const SpectrumOptions& options) {
  if (options.calibrator.empty()) return options.calibration;
  auto recording = open_recording(options.calibrator);
  if (!recording) return recording.error().context(options.calibrator);
  acoustics::LevelMeter meter(Weighting::z, recording->sample_rate());
  if (auto status = listen(*recording, options.channel - 1, [&](auto samples) { meter.add(samples); }); !status)
    return status.error().context(options.calibrator);
  const auto level = meter.equivalent();
  if (!level)
    return Error(ErrorCode::invalid_input,
                 fmt::format("{}: the tone of the calibrator is silent", options.calibrator));
  return std::optional(options.tone - *level);
}

constexpr std::uint8_t kDigits = 2;
constexpr std::uint8_t kJudgedDigits = 1;

class SpectrumTable {
 public:
  SpectrumTable(std::optional<double> calibration, const acoustics::LevelMeter& a, const acoustics::LevelMeter& c,
                const acoustics::SpectrumMeter& spectrum)
      : calibration_(calibration.value_or(0)),
        unit_(calibration ? "dB" : "dB FS"),
        a_(a),
        c_(c),
        spectrum_(spectrum) {}

  void add_levels() {
    add("LZeq", spectrum_.equivalent(Weighting::z));
    add("LCeq", c_.equivalent());
    add("LAeq", a_.equivalent());
    add("LAFmax", a_.greatest(TimeWeighting::fast));
    add("LAFmin", a_.least(TimeWeighting::fast));
    add("LASmax", a_.greatest(TimeWeighting::slow));
    add("LASmin", a_.least(TimeWeighting::slow));
    assess::Levels levels;
    for (const double level : a_.fast_levels()) levels.add(Decimal{std::llround((level + calibration_) * 1e6), 6});
    if (levels.count() == 0) return;
    for (const int percent : {10, 50, 90})
      rows_.push_back({fmt::format("LA{}", percent), {}, round_gb8170(levels.exceeded(percent), kDigits)});
  }

  void add_bands(acoustics::BandWidth width) {
    for (const auto& band : spectrum_.levels(width))
      rows_.push_back(
          {width == acoustics::BandWidth::third ? "third" : "octave", band.band.nominal, shown(band.level)});
  }

  /// Structure-borne noise in a room: the level in dB(A) and the octave bands against their limits.
  Status judge(const standards::StandardSet& standards, const SpectrumOptions& options) {
    const std::string edition = options.common.standard.empty() ? "GB 12348-2008" : options.common.standard;
    assess::IndoorNoise noise{
        options.zone, options.room, options.period, shown(a_.equivalent(), kJudgedDigits), {}};
    const auto limited = assess::indoor_bands(standards, edition);
    for (const auto& band : spectrum_.levels(acoustics::BandWidth::octave)) {
      const bool has_limit = std::any_of(limited.begin(), limited.end(),
                                         [&](Decimal one) { return compare(one, band.band.nominal) == 0; });
      if (const auto level = shown(band.level, kJudgedDigits); has_limit && level)
        noise.bands.push_back({band.band.nominal, *level});
    }
    const standards::Edition* known = standards.edition(edition);
    if (known == nullptr) return Error(ErrorCode::not_found, fmt::format("there is no standard {}", edition));
    MJ_TRY(const auto verdict, assess::judge_indoor(standards, known->validity.from, edition, noise));
    rows_.push_back({"indoor LAeq", {}, noise.level, verdict.level_limit, verdict.level_compliant});
    for (const auto& band : verdict.bands) {
      std::optional<bool> fits;
      if (band.level) fits = compare(*band.level, band.limit) <= 0;
      rows_.push_back({"indoor octave", band.band, band.level, band.limit, fits});
    }
    rows_.push_back({"indoor", {}, {}, {}, verdict.compliant});
    standard_ = fmt::format("{} ({})", edition, standards::name(verdict.verification));
    return {};
  }

  [[nodiscard]] std::string csv() const {
    std::string text = "measure,band_hz,level,unit,limit,compliant,standard\n";
    const auto number = [](const std::optional<Decimal>& value) {
      return value ? to_text(*value) : std::string();
    };
    for (const Measure& row : rows_) {
      text += fmt::format("{},{},{},{},{},{},{}\n", row.name, number(row.band), number(row.level),
                          row.level ? unit_ : "", number(row.limit),
                          row.compliant ? (*row.compliant ? "yes" : "no") : "",
                          row.name.starts_with("indoor") ? standard_ : "");
    }
    return text;
  }

  [[nodiscard]] std::string json() const {
    nlohmann::ordered_json all = nlohmann::ordered_json::array();
    const auto number = [](const std::optional<Decimal>& value) -> nlohmann::ordered_json {
      if (!value) return nullptr;
      return to_double(*value);
    };
    for (const Measure& row : rows_) {
      nlohmann::ordered_json one;
      one["measure"] = row.name;
      one["band_hz"] = number(row.band);
      one["level"] = number(row.level);
      one["unit"] = unit_;
      one["limit"] = number(row.limit);
      if (row.compliant)
        one["compliant"] = *row.compliant;
      else
        one["compliant"] = nullptr;
      if (row.name.starts_with("indoor"))
        one["standard"] = standard_;
      else
        one["standard"] = nullptr;
      all.push_back(std::move(one));
    }
    return all.dump(1) + "\n";
  }

 private:
  [[nodiscard]] std::optional<Decimal> shown(const std::optional<double>& level,
                                             std::uint8_t digits = kDigits) const {
    if (!level) return std::nullopt;
    return assess::level_text(*level + calibration_, digits);
  }
  void add(std::string name, const std::optional<double>& level) {
    rows_.push_back({std::move(name), {}, shown(level)});
  }

  double calibration_;
  std::string unit_;
  const acoustics::LevelMeter& a_;
  const acoustics::LevelMeter& c_;
  const acoustics::SpectrumMeter& spectrum_;
  std::vector<Measure> rows_;
  std::string standard_;
};

Result<int> measure(const SpectrumOptions& options) {
  if (!options.zone.empty() && options.period.empty())
    return Error(ErrorCode::invalid_input, "--zone wants --period day or night");
  MJ_TRY(const auto calibration, calibration_of(options));
  if (!options.zone.empty() && !calibration)
    return Error(ErrorCode::invalid_input, "limits can only be told with --calibration or --calibrator");
  auto recording = open_recording(options.common.input);
  if (!recording) return recording.error().context(options.common.input);
  acoustics::LevelMeter a(Weighting::a, recording->sample_rate());
  acoustics::LevelMeter c(Weighting::c, recording->sample_rate());
  acoustics::SpectrumMeter spectrum(recording->sample_rate());
  const auto status = listen(*recording, options.channel - 1, [&](std::span<const double> samples) {
    a.add(samples);
    c.add(samples);
    spectrum.add(samples);
  });
  if (!status) return status.error().context(options.common.input);
  spectrum.finish();
  SpectrumTable table(calibration, a, c, spectrum);
  table.add_levels();
  if (options.bands != "octave") table.add_bands(acoustics::BandWidth::third);
  if (options.bands != "third") table.add_bands(acoustics::BandWidth::octave);
  if (!options.zone.empty()) {
    MJ_TRY(const std::filesystem::path share, find_share(options.common.share));
    MJ_TRY(const auto standards, standards::StandardSet::load(share / "standards", options.common.local));
    MJ_CHECK(table.judge(standards, options));
  }
  MJ_CHECK(standard_output()(options.common.format == "json" ? table.json() : table.csv()));
  return 0;
}

}  // namespace

void add_assess_spectrum(CLI::App& assess, Run& run) {
  auto options = std::make_shared<SpectrumOptions>();
  CLI::App* command = assess.add_subcommand(
      "spectrum", "Levels and spectrum of a recording by thirds of octaves; low-frequency noise in rooms");
  add_table_options(*command, options->common);
  command->get_option("--input")->description("Recording: WAV, plain or zstd; - = standard input");
  command->get_option("--standard")->description("Edition with limits indoors (default: GB 12348-2008)");
  command->add_option("--calibration", options->calibration, "Level in dB of a sine that just reaches full scale");
  command->add_option("--calibrator", options->calibrator,
                      "Recording of a calibrator by the same instrument, instead");
  command->add_option("--tone", options->tone, "Level of the calibrator in dB")->capture_default_str();
  command->add_option("--bands", options->bands, "third, octave or both")
      ->capture_default_str()
      ->check(CLI::IsMember({"third", "octave", "both"}));
  command->add_option("--channel", options->channel, "Channel of the recording")
      ->capture_default_str()
      ->check(CLI::Range(1, 64));
  command->add_option("--zone", options->zone,
                      "Function zone 0…4: judge noise that reaches a room through the building");
  command->add_option("--room", options->room, "A: for sleep; B: for use by day")
      ->capture_default_str()
      ->check(CLI::IsMember({"A", "B"}));
  command->add_option("--period", options->period, "day or night")->check(CLI::IsMember({"day", "night"}));
  command->footer(
      "Output: measure,band_hz,level,unit,limit,compliant,standard. LZeq, LCeq, LAeq: equivalent levels; LAFmax, "
      "LAFmin, "
      "LASmax,\n        LASmin: time weighting F and S; LA10, LA50, LA90 of LAF every 100 ms; third, octave: "
      "bands of "
      "IEC 61260-1 in\n        dB without weighting, from 10 Hz to half the sampling rate. unit is \"dB FS\" (0 "
      "is a sine "
      "of full scale) as\n        long as nobody says how loud that is. With --zone: LAeq and the bands 31.5…500 "
      "Hz to 0.1 dB "
      "against the limits\n        of GB 12348 or GB 22337 and, in the last row, whether all comply.\n"
      "Examples:\n"
      "  mingjian assess spectrum --input night.wav --calibrator tone.wav --tone 94\n"
      "  mingjian assess spectrum --input room.wav --calibration 120 --zone 2 --room A --period night");
  command->callback([options, &run] { run = [options] { return measure(*options); }; });
}

}  // namespace mj::app
