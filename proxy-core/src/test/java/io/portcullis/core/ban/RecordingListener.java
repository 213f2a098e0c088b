package io.portcullis.core.ban;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers what it was told. */
final class RecordingListener implements BanListener {

    final List<Ban> banned = new CopyOnWriteArrayList<>();
    final List<Ban> unbanned = new CopyOnWriteArrayList<>();

    @Override
    public void banned(Ban ban) {
        banned.add(ban);
    }

    @Override
    public void unbanned(Ban ban) {
        unbanned.add(ban);
    }
}
