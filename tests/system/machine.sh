# Becomes the first process of a small machine: a real systemd in namespaces of its own, which can change nothing outside.
# Usage: machine.sh ROOT PYTHON SITE NAME: the checkout, where Python lies, where its packages do, and its name.
set -e
mount --make-rprivate /
mount -t proc proc /proc
mount --bind /proc/sys /proc/sys && mount -o remount,bind,ro /proc/sys
umount -l /sys/fs/cgroup
mount -t cgroup2 cgroup2 /sys/fs/cgroup

# What it writes stays in memory, and goes with it.
mount -t tmpfs -o mode=755 tmpfs /mnt
mkdir -p /mnt/etc /mnt/work /mnt/units /mnt/opt/tumen /mnt/opt/python /mnt/opt/source /mnt/opt/site
mount --rbind "$1" /mnt/opt/source
mount --rbind "$2" /mnt/opt/python
mount --rbind "$3" /mnt/opt/site
mount -t overlay -o lowerdir=/etc,upperdir=/mnt/etc,workdir=/mnt/work overlay /etc
mount --rbind /mnt/opt /opt
mount -t tmpfs -o mode=755 tmpfs /run
mount -t tmpfs -o mode=755 tmpfs /var
mkdir -p -m 1777 /var/tmp
mkdir /var/lib /var/log

# Of all units only those of the test, and what they stand on.
mount -t tmpfs tmpfs /lib/systemd/system-generators
cp /lib/systemd/system/multi-user.target /lib/systemd/system/network-online.target /lib/systemd/system/shutdown.target /mnt/units/
for name in sysinit basic machine; do printf '[Unit]\nDescription=%s\n' "$name" >"/mnt/units/$name.target"; done
mount --bind /mnt/units /lib/systemd/system
rm -rf /etc/systemd/system
mkdir -p /etc/systemd/system/tumen.service.d /etc/tumen
cp /opt/source/deploy/tumen.service /etc/systemd/system/
cat >/etc/systemd/system/tumen.service.d/test.conf <<'END'
[Service]
WatchdogSec=6
RestartSec=1
Environment=PYTHONDONTWRITEBYTECODE=1
StandardError=append:/run/tumen.log
ExecStopPost=+/bin/sh -c 'echo "$$SERVICE_RESULT $$EXIT_STATUS" >>/run/ended'
END

# The service sees no home folder, where this Python and its library may lie.
echo /opt/python/lib >/etc/ld.so.conf.d/00-tumen.conf
ldconfig
"/opt/python/bin/$(basename "$4")" -m venv --without-pip /opt/tumen
printf '/opt/source\n/opt/site\n' >"$(echo /opt/tumen/lib/python*/site-packages)/tumen.pth"
printf '#!/opt/tumen/bin/python\nfrom monitor.cli import main\nmain()\n' >/opt/tumen/bin/tumen
chmod 755 /opt/tumen/bin/tumen

export container=other
exec /lib/systemd/systemd --system --unit=machine.target --log-target=console --show-status=0
