#include "mj/devices/device_book.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <fstream>

#include "describe.hpp"
#include "scene.hpp"

namespace mj::devices {
namespace {

using evidence_format::EntryType;
using hj212::Deviation;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class Book : public ::testing::Test {
 protected:
  void real_time(std::int64_t at, std::string_view mn = kDevice) {
    scene_.receive({.mn = mn, .area = real_time_area(second(at))}, second(at));
  }
  [[nodiscard]] std::vector<std::string> events() {
    std::vector<std::string> lines;
    const auto events = scene_.book().events(std::nullopt, 1000).value();
    for (const DeviceEvent& event : events)
      lines.push_back(fmt::format("{} {} {} {}", event.entry, event.mn, event.kind, event.detail));
    return lines;
  }
  [[nodiscard]] std::vector<std::string> parameters(std::string_view mn = kDevice) {
    std::vector<std::string> lines;
    const auto readings = scene_.book().parameters(mn).value();
    for (const ParameterReading& reading : readings)
      lines.push_back(fmt::format("{}/{}={} @{}", reading.instrument, reading.name, reading.value, reading.entry));
    return lines;
  }
  [[nodiscard]] std::uint64_t times(Deviation deviation, std::string_view mn = kDevice) {
    const auto counts = scene_.book().deviations(mn).value();
    for (const DeviationCount& count : counts) {
      if (count.deviation == deviation) return count.frames;
    }
    return 0;
  }
  Scene scene_;
};

TEST_F(Book, ListsRegisteredDevicesBeforeTheirFirstFrame) {
  const auto devices = scene_.read_all().list();
  ASSERT_THAT(devices, SizeIs(4));
  EXPECT_TRUE(
      std::is_sorted(devices.begin(), devices.end(), [](const auto& a, const auto& b) { return a.mn < b.mn; }));
  const auto device = scene_.book().find(kDevice);
  ASSERT_TRUE(device);
  EXPECT_EQ(device->point, "src-1");
  EXPECT_EQ(device->vendor, "Vendor A");
  EXPECT_EQ(device->frames, 0U);
  EXPECT_FALSE(scene_.book().find(kStranger));
}

TEST_F(Book, KeepsWhatTheFramesOfADeviceSay) {
  real_time(0);
  scene_.add(EntryType::junk, second(1), "", "junk");
  scene_.receive({.cn = "9012", .area = "ExeRtn=1", .st = "91", .pw = "abcdef", .flag = 4}, second(2), 9);
  const auto device = scene_.read_all().find(kDevice);
  ASSERT_TRUE(device);
  EXPECT_EQ(device->frames, 2U);
  EXPECT_EQ(device->bad_frames, 0U);
  EXPECT_EQ(device->first_seen, second(0));
  EXPECT_EQ(device->last_seen, second(2));
  EXPECT_EQ(device->first_entry, 0U);
  EXPECT_EQ(device->last_entry, 2U);
  EXPECT_EQ(device->connection, 9U);
  EXPECT_EQ(device->peer, "203.0.113.7:51044");
  EXPECT_EQ(device->st, "31") << "91 is of replies, not of what the device measures";
  EXPECT_EQ(device->password_shape, "6 characters");
  EXPECT_EQ(device->deviating_frames, 0U) << "both are as HJ 212-2017 C.14 and C.10 print them";
  EXPECT_EQ(device->guess.dialect, hj212::Dialect::v2017);
  EXPECT_EQ(device->guess.frames, 2U);
  EXPECT_EQ(scene_.book().position(), 3U);
}

TEST_F(Book, CountsDeviationsPerDeviceAndKind) {
  scene_.receive({.area = real_time_area(second(0)), .crc = hj212::CrcRule::modbus}, second(0));
  real_time(1);
  scene_.receive({.area = real_time_area(second(2)), .crc = hj212::CrcRule::modbus}, second(2));
  scene_.receive({.area = real_time_area(second(3)), .crc = hj212::CrcRule::modbus_le}, second(3));
  scene_.receive({.mn = kOld, .area = real_time_area(second(4))}, second(4).plus_ms(3'600'000));
  DeviceBook& book = scene_.read_all();
  const auto counts = book.deviations(kDevice).value();
  ASSERT_THAT(counts, SizeIs(2));
  EXPECT_EQ(counts[0].deviation, Deviation::crc_modbus) << "most frequent first";
  EXPECT_EQ(counts[0].frames, 2U);
  EXPECT_EQ(counts[0].first_entry, 0U);
  EXPECT_EQ(counts[0].last_entry, 2U);
  EXPECT_EQ(counts[0].first_at, second(0));
  EXPECT_EQ(counts[0].last_at, second(2));
  EXPECT_EQ(counts[0].vendor, "Vendor A");
  EXPECT_EQ(counts[1].deviation, Deviation::crc_modbus_le);
  const auto device = book.find(kDevice);
  EXPECT_EQ(device->bad_frames, 3U) << "the profile asks for the CRC of HJ 212";
  EXPECT_EQ(device->deviating_frames, 3U);
  EXPECT_EQ(device->deviations, 3U);
  EXPECT_GT(book.deviations(std::nullopt).value().size(), counts.size()) << "all devices together";
}

TEST_F(Book, AClockThatIsOffByMoreThanTheRuleAllowsIsADeviation) {
  const auto sent = [this](std::int64_t late_ms) {
    const Said said{.area = real_time_area(kBegin)};
    scene_.add(EntryType::frame, kBegin.plus_ms(late_ms), kDevice, frame_of(said, kBegin));
  };
  sent(Rules{}.clock_tolerance_ms);
  sent(-Rules{}.clock_tolerance_ms);
  scene_.read_all();
  EXPECT_EQ(times(Deviation::clock_off), 0U);
  sent(Rules{}.clock_tolerance_ms + 1000);
  scene_.read_all();
  EXPECT_EQ(times(Deviation::clock_off), 1U);
}

TEST_F(Book, AProfileInForceJudgesTheEntriesBehindIt) {
  scene_.receive({.area = real_time_area(second(0)), .crc = hj212::CrcRule::modbus}, second(0));
  scene_.follow();
  hj212::Profile profile;
  profile.crc = hj212::CrcRule::modbus;
  ASSERT_TRUE(scene_.devices().change_profile(scene_.log(), kDevice, profile, {"Li", "vendor"}, second(1)));
  scene_.stop();
  scene_.receive({.area = real_time_area(second(2)), .crc = hj212::CrcRule::modbus}, second(2));
  EXPECT_EQ(scene_.read_all().find(kDevice)->bad_frames, 1U);
  EXPECT_EQ(scene_.book().find(kDevice)->frames, 2U);
}

TEST_F(Book, AWrongPasswordIsAnEventOnceInAnHourAndCountedAlways) {
  for (std::int64_t at = 0; at < 3; ++at)
    scene_.receive({.mn = kGuarded, .area = real_time_area(second(at)), .st = "32"}, second(at));
  scene_.receive({.mn = kGuarded, .area = real_time_area(second(9)), .st = "32", .pw = "654321"}, second(9));
  scene_.receive({.mn = kGuarded, .area = real_time_area(second(3600)), .st = "32"}, second(3600));
  scene_.receive({.mn = kDevice, .area = real_time_area(second(3601)), .pw = "anyone"}, second(3601));
  const auto device = scene_.read_all().find(kGuarded);
  EXPECT_EQ(device->wrong_passwords, 4U);
  EXPECT_EQ(device->bad_frames, 4U);
  EXPECT_THAT(events(), ElementsAre(fmt::format("4 {} password-wrong reject", kGuarded),
                                    fmt::format("0 {} password-wrong reject", kGuarded)));
  EXPECT_EQ(scene_.book().find(kDevice)->wrong_passwords, 0U) << "no password is registered";
}

TEST_F(Book, NotesTheEventsOfDevices) {
  scene_.receive({.cn = "1013", .area = "PolId=w01018", .st = "91"}, second(0));
  scene_.receive({.cn = "2081", .area = "DataTime=20261122100100;RestartTime=20261122095959"}, second(60));
  scene_.receive({.mn = kNew, .cn = "1014", .area = "SKCreateTime=20260801000000000", .st = "32", .flag = 9},
                 second(61));
  scene_.receive({.mn = kNew, .cn = "9015", .area = "", .st = "32", .flag = 9}, second(62));
  scene_.read_all();
  EXPECT_THAT(events(), ElementsAre(fmt::format("2 {} key-requested 20260801000000000", kNew),
                                    fmt::format("1 {} boot 20261122095959", kDevice),
                                    fmt::format("0 {} time-requested w01018", kDevice)));
  EXPECT_EQ(scene_.book().find(kNew)->heartbeat_at, second(62));
  EXPECT_THAT(scene_.book().events(kNew, 10).value(), SizeIs(1));
  EXPECT_THAT(scene_.book().events(std::nullopt, 2).value(), SizeIs(2));
}

TEST_F(Book, ALoggerIsKnownByItsSerialWhateverNumberItHas) {
  scene_.receive({.mn = "",
                  .cn = "1001",
                  .area = "i23005-Info=LOG-9;i23006-Info=CPU-1;i23007-Info=AA;i23008-Info=BB",
                  .st = "32",
                  .flag = 9},
                 second(0));
  scene_.receive({.mn = kStranger, .cn = "1001", .area = "i23005-Info=LOG-X", .st = "32", .flag = 9}, second(1));
  scene_.read_all();
  EXPECT_THAT(events(), ElementsAre(fmt::format("1 {} announced LOG-X", kStranger),
                                    fmt::format("0 {} announced LOG-9", kNew)));
  EXPECT_THAT(parameters(kNew), ElementsAre("/i23005-Info=LOG-9 @0", "/i23006-Info=CPU-1 @0", "/i23007-Info=AA @0",
                                            "/i23008-Info=BB @0"));
  EXPECT_THAT(parameters(kStranger), IsEmpty()) << "of registered devices only";
}

TEST_F(Book, InTheSurfaceWaterProfile1014IsAboutTime) {
  auto points = scene_network().points();
  points[0].profile.surface_water = true;
  Scene water(registry::Network::from_points(points).value());
  water.receive({.cn = "1014", .area = "SystemTime=20261122100000", .st = "21", .flag = 8}, second(0));
  water.receive({.cn = "1014", .area = "", .st = "21", .flag = 8}, second(60));
  EXPECT_THAT(water.read_all().events(std::nullopt, 10).value(), IsEmpty());
}

TEST_F(Book, FramesThatNoKeyOpensAreAnEvent) {
  scene_.follow();
  const hj212::Sm4Key key = hj212::parse_sm4_key("0123456789abcdef").value();
  ASSERT_TRUE(scene_.devices().add_key(scene_.log(), kNew, key, "20261122100000000", {"Li", "first"}, second(0)));
  scene_.stop();
  hj212::Outgoing message;
  message.qn = to_compact_ms(second(1));
  message.st = "32";
  message.cn = "2011";
  message.pw = "123456";
  message.mn = kNew;
  message.flag = 8;
  message.area = "DataTime=20261122100001;w01018-Rtd=20.0,w01018-Flag=N";
  const hj212::Sm4Key other = hj212::parse_sm4_key("ABCDEF0123456789").value();
  scene_.add(EntryType::frame, second(1), kNew, hj212::frame(message, hj212::CrcRule::hj, &key));
  const auto closed =
      scene_.add(EntryType::frame, second(2), kNew, hj212::frame(message, hj212::CrcRule::hj, &other));
  const auto device = scene_.read_all().find(kNew);
  EXPECT_EQ(device->encrypted_frames, 2U);
  EXPECT_EQ(device->bad_frames, 1U);
  const auto events = scene_.book().events(kNew, 10).value();
  ASSERT_THAT(events, SizeIs(1));
  EXPECT_EQ(events[0].kind, "not-decrypted");
  EXPECT_EQ(events[0].entry, closed);
}

TEST_F(Book, ParametersHaveARowPerChangeAndTheTimeTheyWereSeenLast) {
  const auto interval = [this](std::int64_t at, int value) {
    scene_.receive({.cn = "1061", .area = fmt::format("RtdInterval={}", value), .flag = 4}, second(at));
  };
  interval(0, 30);
  interval(1, 30);
  scene_.read_all();
  EXPECT_THAT(parameters(), ElementsAre("/RtdInterval=30 @1"));
  interval(2, 60);
  interval(3, 60);
  interval(4, 30);
  scene_.read_all();
  EXPECT_THAT(parameters(), ElementsAre("/RtdInterval=30 @4"));
  const auto history = scene_.book().history(kDevice, "", "RtdInterval", 10).value();
  ASSERT_THAT(history, SizeIs(3));
  EXPECT_EQ(history[0].value, "30");
  EXPECT_EQ(history[0].entry, 4U);
  EXPECT_EQ(history[1].value, "60");
  EXPECT_EQ(history[1].entry, 2U) << "when the value was new";
  EXPECT_EQ(history[2].at, second(0));
  EXPECT_THAT(scene_.book().history(kDevice, "", "RtdInterval", 1).value(), SizeIs(1));
}

TEST_F(Book, ParametersComeOnlyFromGoodFramesOfTheCommandsNamed) {
  scene_.receive({.cn = "1061", .area = "RtdInterval=30", .flag = 4, .crc = hj212::CrcRule::modbus}, second(0));
  real_time(1);
  scene_.read_all();
  EXPECT_THAT(parameters(), IsEmpty());
}

TEST_F(Book, StrangersHaveARecordToo) {
  scene_.receive({.mn = kStranger, .area = real_time_area(second(0)), .crc = hj212::CrcRule::modbus}, second(0));
  const auto stranger = scene_.read_all().find(kStranger);
  ASSERT_TRUE(stranger) << "a CRC of another vendor does not make its number unbelievable";
  EXPECT_EQ(stranger->point, "");
  EXPECT_EQ(stranger->guess.crc, hj212::CrcRule::modbus);
}

TEST_F(Book, NumbersThatCannotBeBelievedStandTogether) {
  std::string damaged = frame_of({.mn = kStranger, .area = real_time_area(second(0))}, second(0));
  damaged[damaged.size() - 3] = damaged[damaged.size() - 3] == '7' ? '8' : '7';
  scene_.add(EntryType::frame, second(0), kStranger, damaged);
  scene_.add(EntryType::frame, second(1), "\xC7\xE5",
             frame_of({.mn = "\xC7\xE5", .area = real_time_area(second(1))}, second(1)));
  std::string known = frame_of({.area = real_time_area(second(2))}, second(2));
  known[known.size() - 3] = known[known.size() - 3] == '7' ? '8' : '7';
  scene_.add(EntryType::frame, second(2), kDevice, known);
  EXPECT_FALSE(scene_.read_all().find(kStranger));
  EXPECT_EQ(scene_.book().find("*")->frames, 2U);
  EXPECT_EQ(scene_.book().find(kDevice)->bad_frames, 1U) << "a registered number is itself";
}

TEST_F(Book, AtMostTenThousandStrangersAreKeptApart) {
  for (int number = 0; number < 10'010; ++number)
    scene_.receive({.mn = fmt::format("{:024X}", number), .area = real_time_area(second(number))}, second(number));
  real_time(20'000);
  DeviceBook& book = scene_.read_all();
  EXPECT_EQ(book.list().size(), 4U + 10'000U + 1U);
  EXPECT_EQ(book.find("*")->frames, 10U);
  EXPECT_TRUE(book.find(fmt::format("{:024X}", 9'999)));
  EXPECT_EQ(book.find(kDevice)->frames, 1U);
}

TEST_F(Book, TellsNewEventsOnceAndOldOnesNot) {
  std::vector<std::string> told;
  scene_.receive({.cn = "1013", .area = "", .st = "91"}, second(0));
  DeviceBook& book = scene_.book();
  book.on_event(
      [&told](const DeviceEvent& event) { told.push_back(fmt::format("{} {}", event.entry, event.kind)); });
  scene_.read_all();
  EXPECT_THAT(told, IsEmpty()) << "the log held it already";
  scene_.receive({.cn = "1013", .area = "", .st = "91"}, second(60));
  scene_.receive({.cn = "1013", .area = "", .st = "91"}, second(61));
  scene_.read_all();
  EXPECT_THAT(told, ElementsAre("1 time-requested")) << "a repetition within ten seconds is not told";
}

TEST_F(Book, ReadsOnlyAsFarAsTheRegister) {
  for (std::int64_t at = 0; at < 5; ++at) real_time(at);
  DeviceBook& book = scene_.book();
  EXPECT_EQ(book.consume(scene_.log(), 3).value(), 3U);
  EXPECT_EQ(book.consume(scene_.log(), 3).value(), 0U);
  EXPECT_EQ(book.position(), 3U);
  EXPECT_EQ(book.find(kDevice)->frames, 3U);
  EXPECT_EQ(book.consume(scene_.log(), 100).value(), 2U);
}

/// Rows of one table of a database.
int rows_in(const std::filesystem::path& file, const std::string& table) {
  soci::session session(soci::sqlite3, fmt::format("db=\"{}\"", file.string()));
  int count = 0;
  session << "SELECT count(*) FROM " + table, soci::into(count);
  return count;
}

TEST_F(Book, BeginsAnewWhenTheNetworkTheTablesOrTheRulesChanged) {
  const ScratchDirectory directory;
  real_time(0);
  scene_.receive({.cn = "1061", .area = "RtdInterval=30", .flag = 4}, second(1));
  scene_.read_all();
  {
    scene_.read_all(*scene_.open_book(directory.path()));
  }
  const auto file = directory.path() / "devices.sqlite";
  ASSERT_EQ(rows_in(file, "device_parameter"), 1);
  const auto position_after = [&](const registry::Network& network, const Rules& rules) {
    return DeviceBook::open(directory.path(), network, scene_.devices(), shipped_protocol(), rules)
        .value()
        ->position();
  };
  EXPECT_EQ(position_after(scene_.network(), {}), 2U);
  Rules pull;
  pull.pull.days_back = 3;
  EXPECT_EQ(position_after(scene_.network(), pull), 2U) << "what the automation does changes nothing derived";
  auto points = scene_network().points();
  points[0].vendor = "Another";
  const auto renamed = registry::Network::from_points(points).value();
  EXPECT_EQ(position_after(renamed, {}), 2U) << "nor does the vendor, which is looked up";
  Rules tolerance;
  tolerance.clock_tolerance_ms = 1;
  EXPECT_EQ(position_after(scene_.network(), tolerance), 0U);
  EXPECT_EQ(rows_in(file, "device_parameter"), 0);
  scene_.read_all(*scene_.open_book(directory.path()));
  ASSERT_EQ(position_after(scene_.network(), {}), 2U);
  points[0].profile.crc = hj212::CrcRule::modbus;
  const auto changed = registry::Network::from_points(points).value();
  EXPECT_EQ(position_after(changed, {}), 0U);
  scene_.read_all(*scene_.open_book(directory.path()));
  const auto other_tables =
      hj212::Protocol::parse({{.kind = "commands",
                               .name = "commands.toml",
                               .text = "[[command]]\ncn = \"9013\"\nsender = \"device\"\nkind = \"reply\"\n"
                                       "zh = \"通知应答\"\nen = \"notice reply\"\nclause = \"C.4\"\n"
                                       "verification = \"VERIFIED\"\nfields = []\n"}});
  ASSERT_TRUE(other_tables) << other_tables.error().text();
  EXPECT_EQ(DeviceBook::open(directory.path(), scene_.network(), scene_.devices(), *other_tables, {})
                .value()
                ->position(),
            0U);
}

TEST_F(Book, ADatabaseThatCannotBeUsedIsSetAside) {
  const ScratchDirectory directory;
  std::ofstream(directory.path() / "devices.sqlite") << "this is no database, but a text that is long enough";
  real_time(0);
  auto book = scene_.open_book(directory.path());
  scene_.read_all(*book);
  EXPECT_EQ(book->find(kDevice)->frames, 1U);
  EXPECT_TRUE(std::filesystem::exists(directory.path() / "devices.sqlite.set-aside"));
}

TEST_F(Book, BeginsAnewWhenTheLogIsShorter) {
  const ScratchDirectory directory;
  for (std::int64_t at = 0; at < 5; ++at) real_time(at);
  {
    scene_.read_all(*scene_.open_book(directory.path()));
  }
  Scene other;
  other.receive({.area = real_time_area(second(0))}, second(0));
  auto book = other.open_book(directory.path());
  other.read_all(*book);
  EXPECT_EQ(book->find(kDevice)->frames, 1U);
}

TEST_F(Book, IsDerivedAgainAfterItWasRemoved) {
  const ScratchDirectory directory;
  real_time(0);
  scene_.receive({.cn = "1013", .area = "", .st = "91"}, second(1));
  scene_.order(second(2), request_of(kDevice, "1061"));
  std::vector<std::string> before;
  {
    auto book = scene_.open_book(directory.path());
    scene_.read_all(*book);
    before = contents(*book);
  }
  ASSERT_TRUE(remove_book(directory.path()));
  EXPECT_FALSE(std::filesystem::exists(directory.path() / "devices.sqlite"));
  auto book = scene_.open_book(directory.path());
  EXPECT_EQ(book->position(), 0U);
  scene_.read_all(*book);
  EXPECT_EQ(contents(*book), before);
}

}  // namespace
}  // namespace mj::devices
