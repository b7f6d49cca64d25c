// Reading a frame in clear that conforms allocates nothing once the buffers are there, nor does the look at its conformance.
#include <gtest/gtest.h>
#include <cstdlib>
#include <new>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define MJ_SANITIZER_COUNTS 1
#include <sanitizer/allocator_interface.h>
#endif
#endif

#include "mj/hj212/conformance.hpp"
#include "mj/hj212/frame_reader.hpp"
#include "shipped_protocol.hpp"

namespace {
std::size_t allocated = 0;
}

#if defined(MJ_SANITIZER_COUNTS)
namespace {
void on_malloc(const volatile void*, std::size_t) { ++allocated; }
void on_free(const volatile void*) {}
const int kHooks = __sanitizer_install_malloc_and_free_hooks(on_malloc, on_free);
}  // namespace
#else
void* operator new(std::size_t size) {
  ++allocated;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
#endif

namespace mj::hj212 {
namespace {

TEST(Allocation, IsCounted) {
  const std::size_t before = allocated;
  const std::vector<std::string> some(3, std::string(100, 'x'));
  EXPECT_GE(allocated - before, 4U) << some.size();
}

TEST(Allocation, ReadingAFrameInClearAllocatesNothing) {
  // HJ 212-2017 C.50 (V043) and an upload of 2005 without QN and Flag (V047's form with an upper-case CRC).
  std::string stream;
  for (const auto* segment :
       {"QN=20160801085857534;ST=32;CN=2061;PW=123456;MN=010000A8900016F000169DC0;Flag=7;PNUM=2;PNO=1;CP=&&"
        "DataTime="
        "20160801080000;w00000-Cou=63.0,w00000-Min=16.4,w00000-Avg=17.5,w00000-Max=20.1,w00000-Flag=N;w01001-Min="
        "7.1,"
        "w01001-Avg=7.5,w01001-Max=7.8,w01001-Flag=N&&",
        "ST=32;CN=2011;PW=000000;MN=LD130133000015;CP=&&DataTime=20160824003817;011-Rtd=231.0,011-Flag=N;B01-Rtd="
        "36.91;060-Rtd=1.803,060-Flag=N&&"})
    stream += frame(segment);
  DeviceSettings settings;
  settings.profile.password = "123456";
  settings.profile.password_rule = PasswordRule::report;
  settings.keys = {*parse_sm4_key("0000000000000000")};
  const Instant now = *parse_compact("20160801085900");
  const Protocol& protocol = shipped_protocol();
  Framer framer;
  FrameReader reader;
  TraitCounts counts;
  std::size_t good = 0;
  std::size_t before = 0;
  for (int round = 0; round < 100; ++round) {
    if (round == 2) before = allocated;  // buffers have their size
    framer.push(as_bytes(stream));
    while (const auto piece = framer.next()) {
      for (const bool stored : {false, true}) {
        const FrameReading& reading =
            stored ? reader.read(as_bytes(piece->bytes), settings) : reader.read(*piece, settings);
        good += reading.verdict == Verdict::good && reader.fields().size() > 5 ? 1U : 0U;
        good += examine(reader, reading, protocol, now, 300'000, counts).none() ? 1U : 0U;
      }
    }
  }
  const std::size_t count = allocated - before;
  EXPECT_EQ(good, 800U);
  EXPECT_EQ(count, 0U);
}

}  // namespace
}  // namespace mj::hj212
