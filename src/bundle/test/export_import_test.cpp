#include <gmock/gmock.h>

#include "document.hpp"
#include "mj/dataset/import_entry.hpp"
#include "platform.hpp"

namespace mj::bundle::test {
namespace {

using testing::HasSubstr;

dataset::Layout layout_of(std::string source, std::string element, std::string st,
                          std::vector<std::pair<const char*, const char*>> columns) {
  dataset::Layout layout;
  layout.id = source + "-hours";
  layout.title = {"示例", "sample"};
  layout.source = std::move(source);
  layout.element = std::move(element);
  layout.st = std::move(st);
  layout.station.columns = {"code"};
  layout.time.columns = {"time"};
  layout.time.formats = {"%Y-%m-%d %H:%M"};
  layout.time.label_is_end = true;
  layout.time.interval_s = 3600;
  layout.columns = {"code", "time"};
  layout.header_line = 1;
  layout.below = {"<", "L"};
  for (const auto& [column, factor] : columns) {
    layout.columns.emplace_back(column);
    layout.values.push_back({column, factor, "Avg", "µg/m³", "µg/m³", 0, "", ""});
  }
  return layout;
}

/// Hours of an air station and of a section that came as files, next to what devices send.
class ImportExportTest : public testing::Test {
 protected:
  /// Appends a file in parts that end behind the offsets said.
  std::uint64_t import(const dataset::Layout& layout, const std::string& file,
                       std::vector<std::size_t> ends = {}) {
    const Instant at = *parse_iso("2026-03-12T09:00:00+08:00");
    dataset::FileManifest manifest{"hours.csv", file.size(), std::string(64, '0'), layout.source, layout,
                                   "Test",      "sample"};
    const std::uint64_t entry =
        platform.append(layout.source, dataset::encode(manifest), at, evidence_format::EntryType::import);
    ends.push_back(file.size());
    dataset::FilePart part;
    part.file = entry;
    for (const std::size_t end : ends) {
      part.bytes = std::string_view(file).substr(part.offset, end - part.offset);
      platform.append(layout.source, dataset::encode(part), at, evidence_format::EntryType::import);
      part.line += static_cast<std::uint64_t>(std::count(part.bytes.begin(), part.bytes.end(), '\n'));
      part.offset = end;
      ++part.part;
    }
    platform.follow();
    return entry;
  }
  std::uint64_t import_air() {
    return import(layout_of("cnemc", "air", "22",
                            {{"pm25", "a34004"},
                             {"pm10", "a34002"},
                             {"so2", "a21026"},
                             {"no2", "a21004"},
                             {"co", "a21005"},
                             {"o3", "a05024"}}),
                  "code,time,pm25,pm10,so2,no2,co,o3\n"
                  "1001A,2026-03-12 09:00,10.4,20,161,0.0404,0.84,60\n"
                  "1002A,2026-03-12 09:00,11,21,<3,0.05,0.9,61\n"
                  "1001A,2026-03-12 10:00,12.25,22,<3,0.0404,0.84,60\n",
                  {84});
  }
  /// Proves a figure and gives "value unit", or why not.
  std::string proved(std::string_view figure) {
    const auto bundle = platform.prove(figure);
    if (!bundle) return bundle.error().text();
    newest = read_document(*bundle).value();
    const Verdict verdict = verify(*bundle, Trust{});
    return verdict.ok ? verdict.value : faults(*bundle);
  }

  SmallPlatform platform;
  Document newest;
};

TEST_F(ImportExportTest, AnImportedValueIsProvedByItsRow) {
  const std::uint64_t manifest = import_air();
  EXPECT_EQ(proved("value/cnemc%2F1001A/22/2061/a34004/Avg/20260312080000"), "10.4 µg/m³");
  ASSERT_EQ(newest.entries.size(), 2U) << "the manifest and the part";
  EXPECT_EQ(newest.entries[0].index, manifest);
  EXPECT_EQ(newest.steps[0].op, Op::cell);
  EXPECT_EQ(newest.steps[0].line, 2U);
  EXPECT_EQ(newest.steps[0].name, "pm25");
  EXPECT_EQ(proved("value/cnemc%2F1001A/22/2061/a34004/Avg/20260312090000"), "12.25 µg/m³");
  EXPECT_EQ(newest.entries[1].index, manifest + 2) << "the second part";
  EXPECT_EQ(newest.steps[0].line, 4U);
  EXPECT_EQ(proved("value/cnemc%2F1002A/22/2061/a21026/Avg/20260312080000"), "<3 µg/m³")
      << "as it was handed over";
  EXPECT_THAT(proved("value/cnemc%2F1003A/22/2061/a34004/Avg/20260312080000"), HasSubstr("has no a34004-Avg"));
}

TEST_F(ImportExportTest, TheNewestFileCounts) {
  import_air();
  const std::uint64_t later = import(layout_of("cnemc", "air", "22", {{"pm25", "a34004"}}),
                                     "code,time,pm25\n1001A,2026-03-12 09:00,10.5\n");
  EXPECT_EQ(proved("value/cnemc%2F1001A/22/2061/a34004/Avg/20260312080000"), "10.5 µg/m³");
  EXPECT_EQ(newest.entries[0].index, later);
}

TEST_F(ImportExportTest, AMeanThatLeavesOutWhatWasNotDetectedIsNoFigure) {
  import_air();
  EXPECT_THAT(proved("mean/cnemc%2F1001A/22/2061/a21026/Avg/20260312000000/20260313000000"),
              HasSubstr("\"<3\": the mean that is drawn leaves out what was not detected"));
  EXPECT_EQ(proved("mean/cnemc%2F1001A/22/2061/a34004/Avg/20260312000000/20260313000000"), "11.32 µg/m³")
      << "(10.4 + 12.25) / 2 = 11.325";
  platform.upload(kWaterMn, "21", "2061", "20260301040000", "w21003-Avg=0.10,w21003-Flag=N");
  platform.upload(kWaterMn, "21", "2061", "20260301080000", "w21003-Avg=0.004L,w21003-Flag=N");
  platform.follow();
  EXPECT_EQ(proved(fmt::format("value/{}/21/2061/w21003/Avg/20260301080000", kWaterMn)), "0.004L mg/L");
  EXPECT_THAT(proved(fmt::format("mean/{}/21/2061/w21003/Avg/20260301000000/20260302000000", kWaterMn)),
              HasSubstr("\"0.004L\""));
}

/// HJ 633-2026 table 3: SO2 161 µg/m³: 50 + 50·11/350 = 51.57 → 52.
TEST_F(ImportExportTest, AnIndexOfAnImportedStationIsDerived) {
  import_air();
  EXPECT_EQ(proved("aqi/air-2/20260312080000"), "52");
  EXPECT_EQ(newest.entries.size(), 2U);
  EXPECT_EQ(
      std::count_if(newest.steps.begin(), newest.steps.end(), [](const Step& s) { return s.op == Op::cell; }), 6);
}

/// Classes by GB 3838-2002 table 1; the permanganate index of 4.6 mg/L (class III) decides.
TEST_F(ImportExportTest, AClassOfAnImportedSectionIsDerived) {
  import(
      layout_of("lab", "surface_water", "21",
                {{"CODMn", "w01019"}, {"NH3-N", "w21003"}, {"TP", "w21011"}, {"pH", "w01001"}, {"DO", "w01009"}}),
      "code,time,CODMn,NH3-N,TP,pH,DO\n\"一号 断面\",2026-03-12 09:00,4.6,0.10,0.05,7.21,6.8\n");
  EXPECT_EQ(proved("water-class/water-2/20260312080000"), "3");
  EXPECT_EQ(proved("value/lab%2F%E4%B8%80%E5%8F%B7%20%E6%96%AD%E9%9D%A2/21/2061/w01009/Avg/20260312080000"),
            "6.8 µg/m³");
}

TEST_F(ImportExportTest, ASourceIsProvedWithTheStatementsOfItsDays) {
  import_air();
  platform.close_days("2026-03-14T12:00:00+08:00");
  const auto bundle =
      export_device(platform.sources(), "cnemc", *parse_iso("2026-03-12"), *parse_iso("2026-03-13"));
  ASSERT_TRUE(bundle) << bundle.error().text();
  EXPECT_TRUE(verify(*bundle, Trust{}).ok) << faults(*bundle);
  EXPECT_GE(read_document(*bundle)->entries.size(), 3U);
}

}  // namespace
}  // namespace mj::bundle::test
