#include "maintenance_lock.hpp"

#include <thread>

namespace mj::evidence {

Result<storage::File> lock_segment_files(const Layout& layout, int tries) {
  constexpr auto kPause = std::chrono::milliseconds(100);
  MJ_TRY(storage::File lock, storage::File::open(layout.root / "segments.lock", storage::File::Mode::create));
  for (int i = 0; i < tries; ++i) {
    const Status locked = lock.lock_exclusively();
    if (locked) return lock;
    if (locked.error().code() != ErrorCode::conflict) return locked.error();
    if (i + 1 < tries) std::this_thread::sleep_for(kPause);
  }
  return Error(ErrorCode::conflict,
               "segments of the log are being compressed, retired or brought back: try again");
}

}  // namespace mj::evidence
