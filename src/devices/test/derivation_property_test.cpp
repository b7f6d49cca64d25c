#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "describe.hpp"
#include "scene.hpp"

namespace mj::devices {
namespace {

namespace fs = std::filesystem;

/// Writes a history as it may happen: frames good and bad of known and unknown devices, orders, steps, cancellations.
void write_history(Scene& scene, int length) {
  std::vector<std::uint64_t> orders;
  for (int i = 0; i < length; ++i) {
    const Instant at = second(i * *rc::gen::inRange(1, 40));
    const std::string mn(*rc::gen::element(kDevice, kGuarded, kNew, kOld, kStranger));
    const auto crc =
        *rc::gen::weightedElement<hj212::CrcRule>({{6, hj212::CrcRule::hj}, {1, hj212::CrcRule::modbus}});
    const auto any_order = [&orders] {
      return OrderId(orders.empty() ? *rc::gen::inRange<std::uint64_t>(0, 50) : *rc::gen::elementOf(orders));
    };
    switch (*rc::gen::inRange(0, 10)) {
      case 0: scene.receive({.mn = mn, .area = real_time_area(at), .crc = crc}, at); break;
      case 1:
        scene.receive({.mn = mn, .area = "DataTime=1;x-Rtd=,", .st = "99", .flag = 0, .crc = crc}, at);
        break;
      case 2:
        scene.receive({.mn = mn,
                       .cn = "1061",
                       .area = fmt::format("RtdInterval={}", *rc::gen::element(30, 60)),
                       .flag = 4,
                       .crc = crc},
                      at);
        break;
      case 3:
        scene.receive(
            {.mn = mn,
             .cn = "3020",
             .area = fmt::format("DataTime=20261122100000;PolId=w01018;i12001-Info={}", *rc::gen::inRange(0, 3))},
            at);
        break;
      case 4:
        scene.receive({.mn = mn,
                       .cn = *rc::gen::element<std::string>("1013", "1014", "2081", "9015"),
                       .area = "",
                       .flag = 9},
                      at);
        break;
      case 5: scene.add(evidence_format::EntryType::junk, at, "", "##junk"); break;
      case 6: orders.push_back(scene.order(at, request_of(mn, "1062", {{"RtdInterval", "60"}}))); break;
      case 7:
      case 8: {
        Step step;
        step.order = any_order();
        step.state = static_cast<OrderState>(*rc::gen::inRange(0, 11));
        step.what = *rc::gen::element<std::string>("sent", "reply", "data", "result");
        step.qn = to_compact_ms(at);
        step.attempt = *rc::gen::inRange(0, 4);
        step.frame_before = *rc::gen::arbitrary<bool>();
        scene.step(at, step, mn);
        break;
      }
      default:
        scene.add(evidence_format::EntryType::decision, at, "", encode_cancel(any_order(), "Wang", "mistake"));
    }
  }
}

RC_GTEST_PROP(BookProperty, AnyDivisionIntoBatchesRestartsAndKillsIncludedGivesTheSameBook, ()) {
  Scene scene;
  write_history(scene, *rc::gen::inRange(0, 60));
  const auto whole = contents(scene.read_all());
  const std::uint64_t size = scene.log().size();

  const ScratchDirectory directories;
  int number = 0;
  const auto next_directory = [&] { return directories.path() / fmt::format("{}", number++); };
  fs::path directory = next_directory();
  auto book = scene.open_book(directory);
  while (book->position() < size) {
    const std::uint64_t up_to = book->position() + *rc::gen::inRange<std::uint64_t>(1, 20);
    RC_ASSERT(book->consume(scene.log(), up_to).has_value());
    switch (*rc::gen::inRange(0, 4)) {
      case 0:  // an orderly restart: counts are stored too
        book.reset();
        book = scene.open_book(directory);
        break;
      case 1: {  // killed: what is on disk at this moment is all that is left
        const fs::path left = next_directory();
        fs::create_directories(left);
        for (const char* file : {"devices.sqlite", "devices.sqlite-wal"}) {
          if (fs::exists(directory / file)) fs::copy_file(directory / file, left / file);
        }
        book.reset();
        directory = left;
        book = scene.open_book(directory);
        break;
      }
      default: break;
    }
  }
  RC_ASSERT(contents(*book) == whole);

  book.reset();
  RC_ASSERT(contents(*scene.open_book(directory)) == whole);
}

}  // namespace
}  // namespace mj::devices
