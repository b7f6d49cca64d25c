// The national real-time publication of 2026, whole months of all stations, through the table that `assess aqi` prints.

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <iostream>

#include "sheet_reader.hpp"
#include "sheet_text.hpp"

namespace mj::assess {
namespace {

ByteSource pipe_of(std::FILE* pipe) {
  return [pipe](std::span<char> into) -> Result<std::size_t> {
    return std::fread(into.data(), 1, into.size(), pipe);
  };
}

struct Tally {
  std::size_t complete = 0;
  std::size_t equal = 0;
  std::size_t explained = 0;
  std::string unexplained;
};

/// Every row where the published index differs shows PM2.5 as 3 and PM10 as 6 or 7: the publication lifts the smallest
/// particle values to these after it has computed the index from what was measured.
bool is_lifted_value(const SheetReader& published, int difference) {
  const auto cell = [&](std::string_view column) { return published.cell(*published.find(column)); };
  return cell("pm25") == "3" && (cell("pm10") == "6" || cell("pm10") == "7") && difference >= -3 &&
         difference <= 3;
}

void compare_month(const std::string& path, Tally& tally) {
  std::FILE* again = ::popen(("zstd -dc --long=27 '" + path + "'").c_str(), "r");
  std::FILE* input = ::popen(("zstd -dc --long=27 '" + path + "'").c_str(), "r");
  ASSERT_TRUE(again != nullptr && input != nullptr);
  SheetReader published(pipe_of(again));
  ASSERT_TRUE(published.open());
  const std::size_t aqi = *published.find("aqi");
  std::string pending;
  bool header = true;
  const auto take = [&](std::string_view text) -> Status {
    pending += text;
    std::size_t from = 0;
    for (std::size_t end = pending.find('\n'); end != std::string::npos; end = pending.find('\n', from)) {
      const std::string_view line = std::string_view(pending).substr(from, end - from);
      from = end + 1;
      if (header) {
        header = false;
        continue;
      }
      MJ_TRY(const bool more, published.next());
      if (!more) return Error(ErrorCode::internal, "more rows out than in");
      bool complete = !published.missing(aqi);
      for (const char* name : {"pm25", "pm10", "so2", "no2", "co", "o3"})
        complete = complete && !published.cell(*published.find(name)).empty();
      if (!complete) continue;
      // code,time,aqi,…
      const std::size_t begin = line.find(',', line.find(',') + 1) + 1;
      const std::string_view ours = line.substr(begin, line.find(',', begin) - begin);
      ++tally.complete;
      if (ours == published.cell(aqi)) {
        ++tally.equal;
        continue;
      }
      const int difference =
          std::atoi(std::string(ours).c_str()) - std::atoi(std::string(published.cell(aqi)).c_str());
      if (!ours.empty() && is_lifted_value(published, difference)) {
        ++tally.explained;
      } else if (tally.unexplained.size() < 2000) {
        tally.unexplained += std::string(line) + " published " + std::string(published.cell(aqi)) + "\n";
      }
    }
    pending.erase(0, from);
    return {};
  };
  const SheetRun run{shipped_standards(), pipe_of(input), take, SheetFormat::csv, ""};
  const auto rows = aqi_sheet(run, {});
  ::pclose(again);
  ::pclose(input);
  ASSERT_TRUE(rows) << rows.error().text();
}

TEST(PublishedAqi, NationalMonthsAgreeAndEveryDisagreementIsExplained) {
  const std::string folder = MJ_SOURCE_DIR "/../shared/data/air_cn_hourly_2026/stations_hourly_2026-";
  if (!std::filesystem::exists(folder + "03.csv.zst")) GTEST_SKIP() << "the full data set is not here";
  Tally tally;
  // February has the last days of HJ 633-2012; MJ_ALL_MONTHS=1 adds April and May.
  std::vector<const char*> months{"02", "03"};
  if (std::getenv("MJ_ALL_MONTHS") != nullptr) months.insert(months.end(), {"04", "05"});
  for (const char* month : months) compare_month(folder + month + ".csv.zst", tally);
  ASSERT_GT(tally.complete, 1'000'000U);
  EXPECT_GE(static_cast<double>(tally.equal), 0.999 * static_cast<double>(tally.complete));
  EXPECT_EQ(tally.equal + tally.explained, tally.complete) << tally.unexplained;
  std::cout << tally.equal << " of " << tally.complete << " complete hours equal, " << tally.explained
            << " explained\n";
}

}  // namespace
}  // namespace mj::assess
