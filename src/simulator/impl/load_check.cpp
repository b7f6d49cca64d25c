#include <charconv>
#include <fstream>
#include <sstream>

#include "mj/simulator/load.hpp"

namespace mj::simulator {
namespace {

constexpr std::string_view kMagic = "mingjian-acked 1";
constexpr std::uint32_t kChunk = 5'000;  // sequences asked for at a time
constexpr std::size_t kMostFindings = 20;

Error not_a_log(const std::filesystem::path& file, std::size_t line) {
  return Error(ErrorCode::invalid_input,
               fmt::format("{}:{}: this is no list of acknowledged frames", file.string(), line));
}

template <typename... Numbers>
bool read_numbers(const std::string& line, Numbers&... numbers) {
  std::istringstream in(line);
  (in >> ... >> numbers);
  if (!in) return false;
  in >> std::ws;
  return in.eof();
}

/// Checks one stretch of sequences of one device.
class Stretch {
 public:
  Stretch(const AckedLog& log, AckedCheck& check, std::uint32_t device, std::uint32_t first, std::uint32_t last)
      : log_(log), check_(check), device_(device), first_(first), last_(last), stored_(last - first + 1) {}

  void take(const StoredValue& stored) {
    const std::int64_t offset = stored.data_time.ms_since(log_.plan.base);
    const std::int64_t step = log_.plan.step_s * 1000;
    const std::int64_t sequence = offset / step;
    const auto& factors = load_factors();
    const auto factor = std::find(factors.begin(), factors.end(), stored.factor);
    if (offset % step != 0 || sequence < first_ || sequence > last_ || factor == factors.end()) {
      ++check_.alien_values;
      note("{} has {} at {}, which was never sent", LoadPlan::mn(device_), stored.factor,
           to_iso(stored.data_time));
      return;
    }
    const auto index = static_cast<std::size_t>(factor - factors.begin());
    const auto number = static_cast<std::uint32_t>(sequence);
    const auto bit = static_cast<std::uint16_t>(1U << index);
    std::uint16_t& seen = stored_[number - first_];
    if ((seen & bit) != 0) {
      ++check_.duplicate_values;
      note("{} has {} at {} twice", LoadPlan::mn(device_), stored.factor, to_iso(stored.data_time));
    }
    seen = static_cast<std::uint16_t>(seen | bit);
    const Decimal sent = load_value(device_, number, index);
    if (compare(sent, stored.value) != 0) {
      ++check_.wrong_values;
      note("{} has {} = {} at {}, sent was {}", LoadPlan::mn(device_), stored.factor, to_text(stored.value),
           to_iso(stored.data_time), to_text(sent));
    }
  }

  void require(std::uint32_t sequence) {
    ++check_.frames;
    if (stored_[sequence - first_] == (1U << load_factors().size()) - 1) return;
    ++check_.missing_frames;
    note("{} lacks values of {}, which was acknowledged", LoadPlan::mn(device_),
         to_iso(log_.plan.data_time(sequence)));
  }

 private:
  template <typename... Args>
  void note(fmt::format_string<Args...> format, Args&&... args) {
    if (check_.findings.size() < kMostFindings)
      check_.findings.push_back(fmt::format(format, std::forward<Args>(args)...));
  }

  const AckedLog& log_;
  AckedCheck& check_;
  std::uint32_t device_;
  std::uint32_t first_;
  std::uint32_t last_;
  std::vector<std::uint16_t> stored_;  ///< one bit a factor
};

}  // namespace

void AckedLog::tidy() {
  std::sort(acked.begin(), acked.end(), [](const AckedRange& a, const AckedRange& b) {
    return std::pair(a.device, a.first) < std::pair(b.device, b.first);
  });
  std::vector<AckedRange> merged;
  merged.reserve(acked.size());
  for (const AckedRange& range : acked) {
    const bool joins =
        !merged.empty() && merged.back().device == range.device && range.first <= merged.back().last + 1;
    if (joins) {
      merged.back().last = std::max(merged.back().last, range.last);
    } else {
      merged.push_back(range);
    }
  }
  acked = std::move(merged);
}

Status AckedLog::save(const std::filesystem::path& file) const {
  std::ofstream out(file, std::ios::trunc);
  out << kMagic << '\n';
  out << fmt::format("plan {} {} {} {}\n", plan.devices, plan.base.ms(), plan.step_s, first_sequence);
  for (std::uint32_t device = 0; device < sent_end.size(); ++device) {
    if (sent_end[device] != first_sequence) out << fmt::format("sent {} {}\n", device, sent_end[device]);
  }
  for (const AckedRange& range : acked)
    out << fmt::format("acked {} {} {}\n", range.device, range.first, range.last);
  out << "end\n";
  out.flush();
  if (!out) return Error(ErrorCode::unavailable, fmt::format("{} cannot be written", file.string()));
  return {};
}

Result<AckedLog> AckedLog::load(const std::filesystem::path& file) {
  std::ifstream in(file);
  if (!in) return Error(ErrorCode::not_found, fmt::format("there is no file {}", file.string()));
  AckedLog log;
  std::string line;
  std::size_t number = 0;
  bool ended = false;
  while (std::getline(in, line)) {
    ++number;
    const std::size_t blank = line.find(' ');
    const std::string word = line.substr(0, blank);
    const std::string rest = blank == std::string::npos ? std::string() : line.substr(blank + 1);
    bool good = !ended;
    if (number == 1) {
      good = line == kMagic;
    } else if (number == 2) {
      std::int64_t base = 0;
      good = word == "plan" && read_numbers(rest, log.plan.devices, base, log.plan.step_s, log.first_sequence) &&
             log.plan.step_s > 0;
      log.plan.base = Instant::from_ms(base);
      if (good) log.sent_end.assign(log.plan.devices, log.first_sequence);
    } else if (word == "sent") {
      std::uint32_t device = 0;
      std::uint32_t end = 0;
      good = good && read_numbers(rest, device, end) && device < log.sent_end.size();
      if (good) log.sent_end[device] = end;
    } else if (word == "acked") {
      AckedRange range;
      good = good && read_numbers(rest, range.device, range.first, range.last) &&
             range.device < log.sent_end.size() && range.first >= log.first_sequence &&
             range.first <= range.last && range.last < log.sent_end[range.device];
      if (good) log.acked.push_back(range);
    } else {
      good = good && line == "end";
      ended = true;
    }
    if (!good) return not_a_log(file, number);
  }
  if (!ended) return not_a_log(file, number + 1);
  log.tidy();
  return log;
}

Result<AckedCheck> check_acked(const AckedLog& log, const StoredQuery& query) {
  AckedCheck check;
  auto range = log.acked.begin();
  for (std::uint32_t device = 0; device < log.sent_end.size(); ++device) {
    const std::string mn = LoadPlan::mn(device);
    for (std::uint32_t first = log.first_sequence; first < log.sent_end[device]; first += kChunk) {
      const std::uint32_t last = std::min(first + kChunk, log.sent_end[device]) - 1;
      Stretch stretch(log, check, device, first, last);
      MJ_TRY(const auto values, query(mn, log.plan.data_time(first), log.plan.data_time(last)));
      for (const StoredValue& value : values) stretch.take(value);
      while (range != log.acked.end() && range->device == device && range->first <= last) {
        for (std::uint32_t s = std::max(range->first, first); s <= std::min(range->last, last); ++s)
          stretch.require(s);
        if (range->last > last) break;
        ++range;
      }
    }
  }
  return check;
}

std::string load_network_toml(const LoadPlan& plan) {
  std::string text = "# Devices of the load generator; the points exist only for tests.\n";
  auto out = std::back_inserter(text);
  for (std::uint32_t device = 0; device < plan.devices; ++device) {
    fmt::format_to(
        out,
        "\n[[point]]\nid = \"load-{0}\"\nname = {{ zh = \"负载{0}\", en = \"Load {0}\" }}\nelement = \"source\"\n"
        "lon = 106.55\nlat = 29.56\ndevice = \"{1}\"\n",
        device, LoadPlan::mn(device));
  }
  return text;
}

}  // namespace mj::simulator
