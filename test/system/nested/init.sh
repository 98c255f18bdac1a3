#!/bin/busybox sh
# SPDX-License-Identifier: Apache-2.0
# Process 1 of the nested machine: loads KVM, runs what /job says with what it
# leaves in /out, sends /out through the second serial port, powers off.
export PATH=/bin
busybox mkdir -p /proc /sys /dev /tmp /out
busybox mount -t proc proc /proc
busybox --install -s /bin
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
exec </dev/null >/dev/console 2>&1
for module in /modules/*.ko; do
    insmod "$module"
done
echo "nested: booted after $(cut -d' ' -f1 /proc/uptime) s"
sh /job
echo "nested: over after $(cut -d' ' -f1 /proc/uptime) s"
stty -F /dev/ttyS1 raw -echo
tar -C /out -czf - . >/dev/ttyS1
echo "nested: sent"
poweroff -f
